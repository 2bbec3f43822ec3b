alone(quality/exact_share.cpp)
