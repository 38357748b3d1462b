import { getSystemErrorMessage } from 'node:util'

/** Why a file could not be used, without the system call and the path that node:fs adds. */
export const fileErrorReason = ({ errno, message }: NodeJS.ErrnoException): string =>
  errno === undefined ? message : getSystemErrorMessage(errno)
