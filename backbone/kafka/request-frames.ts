import { createRequire } from 'node:module'

/** The encoder of kafkajs, as far as it is used here. */
interface Encoder {
  buf: Buffer
  /** Bytes of `buf` that are written. */
  offset: number
  writeEncoder: (value: Encoded) => Encoder
}

/** What kafkajs takes from an encoder. */
export interface Encoded {
  buf: Buffer
  buffer: Buffer
}

/** A body at the end of a larger buffer: what precedes it on the wire is written before it, into `room` free bytes. */
interface FramedBody extends Encoded {
  whole: Buffer
  room: number
}

const { prototype } = createRequire(import.meta.url)('kafkajs/src/protocol/encoder.js') as {
  prototype: Encoder
}
const writeEncoderOfKafkajs = prototype.writeEncoder

/** For the size and the header of a request (Kafka protocol, Request Header), with the name of this client. */
export const FRAME_BYTES = 512

/** `whole` has {@link FRAME_BYTES} free bytes before the body. */
export function frameBody(whole: Buffer): Encoded {
  const body = whole.subarray(FRAME_BYTES)
  const framed: FramedBody = { buf: body, buffer: body, whole, room: FRAME_BYTES }
  return framed
}

/**
 * kafkajs 2.2.4 copies the body of a request after its header, and both after their size, into zeroed buffers of up to
 * twice their size. Here both are written before a body of {@link frameBody} instead.
 */
export function writeFramesInPlace(): void {
  prototype.writeEncoder = function (this: Encoder, value) {
    return isFramed(value) && value.room >= this.offset
      ? writeBefore(this, value)
      : writeEncoderOfKafkajs.call(this, value)
  }
}

function writeBefore(encoder: Encoder, { whole, room }: FramedBody): Encoder {
  const begin = room - encoder.offset
  encoder.buf.copy(whole, begin, 0, encoder.offset)
  const buf = whole.subarray(begin)
  return Object.assign(encoder, { buf, offset: buf.length, whole, room: begin })
}

const isFramed = (value: Encoded): value is FramedBody => 'whole' in value
