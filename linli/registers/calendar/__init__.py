"""时: working time, holidays and make-up days, and due times that explain themselves."""
