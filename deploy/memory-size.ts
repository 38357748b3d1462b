const MIB = 2 ** 20

/**
 * The environment of a processor with 512 MiB, the limit in docker-compose.yml. In a container Bun detects the limit;
 * elsewhere it takes the whole memory of the machine for its own, and collects garbage later. A gateway needs little
 * memory, and earlier collections would cost it more processor time.
 */
export const memorySize = { BUN_JSC_forceRAMSize: String(512 * MIB) }
