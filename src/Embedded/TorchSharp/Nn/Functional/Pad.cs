using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// Pads the last dimensions: <paramref name="pad"/> holds what goes before and after, the last dimension first.
            /// Negative numbers take away (constants only). Reflection mirrors without the edge, replication repeats it.
            /// </summary>
            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
            {
                ArgumentNullException.ThrowIfNull(input);
                if (pad.Length % 2 != 0) throw new ExternalException("Padding length must be divisible by 2");
                if (pad.Length > 2 * input.Rank)
                    throw new ExternalException($"Padding length should be less than or equal to two times the input dimension but got padding length {pad.Length} and input of dimension {input.Rank}");
                if (mode is PaddingModes.Constant or PaddingModes.Zeros) return PadConstant(input, pad, mode == PaddingModes.Zeros ? 0 : value);
                int dims = pad.Length / 2;
                if (dims is 0 or > 3 || (input.Rank != dims + 1 && input.Rank != dims + 2))
                    throw new ExternalException("Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now");
                using DisposeScope scope = NewDisposeScope();
                Tensor result = input;
                for (int i = 0; i < dims; i++)
                {
                    int d = input.Rank - 1 - i;
                    if (pad[2 * i] != 0 || pad[2 * i + 1] != 0) result = result.index_select(d, PadIndices(input, d, pad[2 * i], pad[2 * i + 1], mode));
                }
                return ReferenceEquals(result, input) ? input.clone().MoveToOuterDisposeScope() : result.MoveToOuterDisposeScope();
            }

            /// <inheritdoc cref="pad(Tensor, ReadOnlySpan{long}, PaddingModes, double)"/>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => nn.functional.pad(input, pad.AsSpan(), mode, value);

            /// <summary>Pads the last dimension.</summary>
            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                nn.functional.pad(input, [pad.Item1, pad.Item2], mode, value);

            /// <summary>Pads the last two dimensions.</summary>
            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                nn.functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            /// <summary>Pads every dimension on both sides.</summary>
            public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
            {
                ArgumentNullException.ThrowIfNull(input);
                var both = new long[2 * input.Rank];
                Array.Fill(both, pad);
                return nn.functional.pad(input, both.AsSpan(), mode, value);
            }

            /// <summary>For each place of the padded dimension, the one it is taken from.</summary>
            static Tensor PadIndices(Tensor input, int d, long before, long after, PaddingModes mode)
            {
                long n = input.sizes[d], most = Math.Max(before, after);
                if (n + before + after <= 0) throw new ExternalException($"The input size {n}, plus negative padding {before} and {after}, resulted in a negative output size, which is invalid. Check dimension {d} of your input.");
                if (mode == PaddingModes.Reflect && most >= n)
                    throw new ExternalException($"Argument #4: Padding size should be less than the corresponding input dimension, but got: padding ({before}, {after}) at dimension {d} of input [{Shapes.Text(input.sizes)}]");
                if (mode == PaddingModes.Circular && most > n) throw new ExternalException("Padding value causes wrapping around more than once.");
                var places = new long[n + before + after];
                for (long i = 0; i < places.Length; i++)
                {
                    long at = i - before;
                    places[i] = mode switch
                    {
                        PaddingModes.Replicate => Math.Clamp(at, 0, n - 1),
                        PaddingModes.Reflect => at < 0 ? -at : at >= n ? 2 * (n - 1) - at : at,
                        _ => (at % n + n) % n,
                    };
                }
                return tensor(places);
            }

            static Tensor PadConstant(Tensor input, ReadOnlySpan<long> pad, double value)
            {
                long[] before = new long[input.Rank], shape = input.shape;
                for (int i = 0; i < pad.Length / 2; i++)
                {
                    int d = input.Rank - 1 - i;
                    before[d] = pad[2 * i];
                    shape[d] += pad[2 * i] + pad[2 * i + 1];
                    if (shape[d] < 0)
                        throw new ExternalException($"The input size {input.sizes[d]}, plus negative padding {pad[2 * i]} and {pad[2 * i + 1]}, resulted in a negative output size, which is invalid. Check dimension {d} of your input.");
                }
                Tensor result = full(shape, value, input.type);
                using (no_grad())
                using (Tensor from = Overlap(input, before, shape), to = Overlap(result, [.. before.Select(b => -b)], input.sizes)) Copy.Elements(from, to);
                if (!Tape.Records(input)) return result;
                // What padding added is cut off again, and the other way round.
                long[] back = new long[pad.Length];
                for (int i = 0; i < back.Length; i++) back[i] = -pad[i];
                return Tape.Record(result, "ConstantPadNdBackward", [input], [], (_, g) => [PadConstant(g, back, 0)]);
            }

            /// <summary>The part of a tensor that, moved by an offset, lies within another shape.</summary>
            static Tensor Overlap(Tensor t, long[] moved, long[] within)
            {
                long[] shape = new long[t.Rank];
                long offset = t.offset;
                for (int d = 0; d < t.Rank; d++)
                {
                    long first = Math.Max(0, -moved[d]), last = Math.Min(t.sizes[d], within[d] - moved[d]);
                    shape[d] = Math.Max(0, last - first);
                    offset += first * t.strides[d];
                }
                return t.Window(offset, shape, t.strides, false);
            }
        }
    }
}
