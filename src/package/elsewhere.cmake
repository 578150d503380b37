# Has a parent's export of a library that links to park succeed where park is not installed with the parent, and says what its users need.

# park_find_exportable(folder result): the libraries of the folder, and of those below, whose users link to park.
function(park_find_exportable folder result)
  set(found "")
  get_property(targets DIRECTORY "${folder}" PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(links ${target} INTERFACE_LINK_LIBRARIES)
    if(links MATCHES "(^|[;:>])(park|park::park|park_overlay|park::overlay)([;>]|$)" AND NOT target STREQUAL "park_overlay")
      list(APPEND found ${target})
    endif()
  endforeach()
  get_property(below DIRECTORY "${folder}" PROPERTY SUBDIRECTORIES)
  foreach(each IN LISTS below)
    if(NOT each STREQUAL park_SOURCE_DIR)
      park_find_exportable("${each}" more)
      list(APPEND found ${more})
    endif()
  endforeach()
  set(${result} ${found} PARENT_SCOPE)
endfunction()

# When all of the parent's libraries are known. CMake wants every target that an exported one refers to in an export of its own, which says
# by what name it goes: here park has one by which nothing is ever installed. A parent that puts park into several exports of its own sets
# PARK_EXPORTED_BY_PARENT, or there would be one more.
function(park_let_parents_export)
  park_find_exportable("${CMAKE_SOURCE_DIR}" libraries)
  if(NOT libraries OR PARK_EXPORTED_BY_PARENT)
    return()
  endif()
  get_cmake_property(installed COMPONENTS)
  if(installed)
    list(JOIN libraries ", " libraries)
    message(STATUS "park: it is not installed with ${CMAKE_PROJECT_NAME}. If you export what links to it (${libraries}), either configure "
      "with -DPARK_INSTALL=ON, or leave it to your users to install park; your package's own file then says find_dependency(park).")
  endif()
  set(never COMPONENT park_is_not_installed EXCLUDE_FROM_ALL)
  install(TARGETS park park_overlay EXPORT park-targets
    ARCHIVE DESTINATION lib ${never} LIBRARY DESTINATION lib ${never} RUNTIME DESTINATION bin ${never})
  install(EXPORT park-targets NAMESPACE park:: DESTINATION lib ${never})
  export(EXPORT park-targets NAMESPACE park:: FILE "${park_BINARY_DIR}/park-targets.cmake")
endfunction()
cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL park_let_parents_export)
