alone(app/desk.cpp app/drafting.cpp)
