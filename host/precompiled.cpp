// Empty on purpose: a precompiled header needs a target, a target needs a source.
