// Two threads have met, in the lot that this names.
#pragma once
const char* meet();
