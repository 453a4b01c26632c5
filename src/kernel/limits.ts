// The limits of Linux, which hold for the output of every tool.

/** Bytes of a thread's name, without its NUL: TASK_COMM_LEN less one. */
export const COMM_BYTES = 15

/** CPUs that a kernel can be built for: the largest NR_CPUS. */
export const MOST_CPUS = 8192

/** The largest pid that a kernel gives: PID_MAX_LIMIT. */
export const MOST_PID = 4_194_304

/** The largest number that a pid_t holds. Tools print such numbers for processes that they do not know. */
export const MOST_PID_T = 0x7fff_ffff
