/* What another library needs. */
int helper_value(void);
int helper_value(void) { return 1; }
