#pragma once

// Whether each of the other types does what it should.
bool family_works();
