/** Writes small ONNX files by hand, so that tests run real sessions without real weights. Field numbers are those of onnx.proto. */

type Bytes = number[];

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FLOAT = 1;
const INT64 = 7;

function varint(value: number): Bytes {
  const bytes: Bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

const number = (field: number, value: number): Bytes => [...varint(field * 8 + VARINT), ...varint(value)];
const message = (field: number, body: Bytes): Bytes => [...varint(field * 8 + LENGTH_DELIMITED), ...varint(body.length), ...body];
const text = (field: number, value: string): Bytes => message(field, [...new TextEncoder().encode(value)]);

type Dim = number | string;
type Value = { name: string; dims: readonly Dim[]; type?: 'float32' | 'int64' };

function valueInfo({ name, dims, type = 'float32' }: Value): Bytes {
  const shape = dims.flatMap((dim) => message(1, typeof dim === 'number' ? number(1, dim) : text(2, dim)));
  const tensorType = [...number(1, type === 'float32' ? FLOAT : INT64), ...message(2, shape)];
  return [...text(1, name), ...message(2, message(1, tensorType))];
}

/** 0 copies the dimension of the input. */
function shapeConstant(name: string, dims: readonly number[]): Bytes {
  const raw = [...new Uint8Array(BigInt64Array.from(dims, BigInt).buffer)];
  return [...number(1, dims.length), ...number(2, INT64), ...text(8, name), ...message(9, raw)];
}

function node(operator: string, inputs: string[], outputs: string[]): Bytes {
  return [...inputs.flatMap((name) => text(1, name)), ...outputs.flatMap((name) => text(2, name)), ...text(4, operator)];
}

function model(nodes: Bytes[], { constants, inputs, outputs }: { constants: Bytes[]; inputs: Value[]; outputs: Value[] }): Uint8Array {
  const graph = [
    ...nodes.flatMap((each) => message(1, each)),
    ...text(2, 'tiny'),
    ...constants.flatMap((each) => message(5, each)),
    ...inputs.flatMap((each) => message(11, valueInfo(each))),
    ...outputs.flatMap((each) => message(12, valueInfo(each))),
  ];
  const opset = [...text(1, ''), ...number(2, 13)];
  return Uint8Array.from([...number(1, 8), ...message(7, graph), ...message(8, opset)]);
}

export const ECHO_SIDE = 16;
export const ECHO_ROWS = (3 * ECHO_SIDE * ECHO_SIDE) / 6;

/** A model whose output [N, 128, 6] is its input [N, 3, 16, 16] read as rows: a picture tells which boxes come back. */
export function echoModel({
  batch = 'N',
  input = 'images',
  output = 'output0',
}: { batch?: Dim; input?: string; output?: string } = {}): Uint8Array {
  return model([node('Reshape', [input, 'shape'], [output])], {
    constants: [shapeConstant('shape', [0, ECHO_ROWS, 6])],
    inputs: [{ name: input, dims: [batch, 3, ECHO_SIDE, ECHO_SIDE] }],
    outputs: [{ name: output, dims: [batch, ECHO_ROWS, 6] }],
  });
}

/** Takes sizes as DETR-style models do, and gives back what it was given: scores and boxes are pixels, labels the sizes. */
export function sizedEchoModel(): Uint8Array {
  const rows = ECHO_SIDE * ECHO_SIDE * 3;
  return model(
    [
      node('Reshape', ['images', 'scores_shape'], ['scores']),
      node('Reshape', ['images', 'boxes_shape'], ['boxes']),
      node('Identity', ['orig_target_sizes'], ['labels']),
    ],
    {
      constants: [shapeConstant('scores_shape', [0, rows]), shapeConstant('boxes_shape', [0, rows / 4, 4])],
      inputs: [
        { name: 'images', dims: ['N', 3, ECHO_SIDE, ECHO_SIDE] },
        { name: 'orig_target_sizes', dims: ['N', 2], type: 'int64' },
      ],
      outputs: [
        { name: 'labels', dims: ['N', 2], type: 'int64' },
        { name: 'boxes', dims: ['N', rows / 4, 4] },
        { name: 'scores', dims: ['N', rows] },
      ],
    },
  );
}

export const PIXELS_SIDE = 16;
export const PIXELS_LENGTH = 3 * PIXELS_SIDE * PIXELS_SIDE;

/** An embedding model whose vector is its picture [1, 16, 16, 3], number by number: alike are pictures of one colour. */
export function pixelsModel(): Uint8Array {
  return model([node('Reshape', ['inputs', 'shape'], ['descriptor'])], {
    constants: [shapeConstant('shape', [0, PIXELS_LENGTH])],
    inputs: [{ name: 'inputs', dims: [1, PIXELS_SIDE, PIXELS_SIDE, 3] }],
    outputs: [{ name: 'descriptor', dims: [1, PIXELS_LENGTH] }],
  });
}
