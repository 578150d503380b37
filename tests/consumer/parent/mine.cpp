int mine() { return 1; }
