#ifndef SSHOST_CLI_THREADS_H
#define SSHOST_CLI_THREADS_H

namespace sshost::cli {

// Pins the threads of LibTorch's operators to cores: left to wander, two of them now and then take 5 ms for a
// convolution of 0.2 ms. The OpenMP runtime reads its settings when it is loaded, so a program without LibTorch sets
// OMP_PROC_BIND and OMP_PLACES for the program with it that it executes next. Nothing is done where the user has set
// either or the number of threads (OMP_NUM_THREADS), or where the process is one of several (RANK, SLURM_PROCID).
void pin_operator_threads();

// In the program that was executed, first of all in main: the OpenMP runtime has pinned the main thread, and the
// threads that it starts, which load data, are to run on any core.
void free_other_threads();

// Lets the calling thread, where it was pinned, run on any core again, if there are more cores than `threads`: pinned,
// the threads of several runs that were each given a few would all share the first cores.
void unpin_one_of(int threads);

}  // namespace sshost::cli

#endif  // SSHOST_CLI_THREADS_H
