using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>The largest element of each window of (N, C, L) or (C, L); the padding counts as minus infinity. The stride is the window's length where it isn't given.</summary>
            public static Tensor max_pool1d(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                max_pool1d_with_indices(input, kernel_size, stride, padding, dilation, ceil_mode).output;

            /// <summary>As <see cref="max_pool1d"/>, and where in its row each maximum is.</summary>
            public static (Tensor output, Tensor indices) max_pool1d_with_indices(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false)
            {
                ArgumentNullException.ThrowIfNull(input);
                long around = padding ?? 0, apart = dilation ?? 1, step = stride ?? kernel_size;
                long steps = PoolSteps("max_pool1d", input, kernel_size, step, around, apart, ceil_mode);
                using DisposeScope scope = NewDisposeScope();
                (Tensor values, Tensor places) = PoolWindows(input, kernel_size, step, around, apart, steps, double.NegativeInfinity).max(-1);
                Tensor starts = arange(-around, steps * step - around, step, ScalarType.Int64);
                return (values.MoveToOuterDisposeScope(), places.mul(apart).add(starts).MoveToOuterDisposeScope());
            }

            /// <summary>The mean of each window of (N, C, L) or (C, L). Zeros of the padding count as elements where <paramref name="count_include_pad"/>; what a rounded-up last window has beyond the padding never does.</summary>
            public static Tensor avg_pool1d(Tensor input, long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true)
            {
                ArgumentNullException.ThrowIfNull(input);
                long around = padding ?? 0, step = stride ?? kernel_size;
                long steps = PoolSteps("avg_pool1d", input, kernel_size, step, around, 1, ceil_mode), length = input.sizes[^1];
                using DisposeScope scope = NewDisposeScope();
                var counts = new double[steps];
                for (long t = 0; t < steps; t++)
                {
                    long first = t * step - around, last = Math.Min(first + kernel_size, length + around);
                    counts[t] = count_include_pad ? last - first : Math.Min(last, length) - Math.Max(first, 0);
                }
                return PoolWindows(input, kernel_size, step, around, 1, steps, 0).sum([-1L]).div(tensor(counts).to_type(input.type)).MoveToOuterDisposeScope();
            }

            /// <summary>Means over <paramref name="output_size"/> nearly equal parts of (N, C, L) or (C, L): part i is from floor(i L / n) up to ceil((i + 1) L / n).</summary>
            public static Tensor adaptive_avg_pool1d(Tensor input, long output_size)
            {
                ArgumentNullException.ThrowIfNull(input);
                CheckPool("adaptive_avg_pool1d", input);
                if (output_size < 0) throw new ExternalException("adaptive_avg_pool1d(): elements of output_size must be greater than or equal to 0");
                using DisposeScope scope = NewDisposeScope();
                long length = input.sizes[^1];
                if (output_size == 0) return zeros([.. input.sizes[..^1], 0], input.type).MoveToOuterDisposeScope();
                var parts = new Tensor[output_size];
                for (long i = 0; i < output_size; i++)
                {
                    long first = i * length / output_size, last = ((i + 1) * length + output_size - 1) / output_size;
                    parts[i] = input.narrow(-1, first, last - first).mean([-1L], true);
                }
                return cat(parts, -1).MoveToOuterDisposeScope();
            }

            static void CheckPool(string name, Tensor input)
            {
                if (input.Rank is not (2 or 3)) throw new ExternalException($"{name}() Expected 2D or 3D input tensor, but got [{Shapes.Text(input.sizes)}]");
                if (!Dtypes.IsFloating(input.type)) throw new ExternalException($"\"{name}\" not implemented for '{Names.Of(input.type)}'");
            }

            /// <summary>How many windows there are; a rounded-up last one begins inside the input or the padding before it.</summary>
            static long PoolSteps(string name, Tensor input, long kernel, long stride, long padding, long dilation, bool up)
            {
                CheckPool(name, input);
                if (kernel <= 0) throw new ExternalException("kernel size should be greater than zero, but got kH: 1 kW: " + kernel);
                if (stride <= 0) throw new ExternalException("stride should not be zero");
                if (dilation <= 0) throw new ExternalException("dilation should be greater than zero, but got dilationH: 1 dilationW: " + dilation);
                if (padding < 0) throw new ExternalException($"pad must be non-negative, but got pad: {padding}");
                long span = dilation * (kernel - 1) + 1, length = input.sizes[^1];
                if (padding > span / 2) throw new ExternalException($"pad should be at most half of effective kernel size, but got pad={padding}, kernel_size={kernel} and dilation={dilation}");
                long rest = length + 2 * padding - span;
                long steps = rest < 0 && !up ? 0 : (long)Math.Floor((rest + (up ? stride - 1 : 0)) / (double)stride) + 1;
                if (up && (steps - 1) * stride >= length + padding) steps--;
                if (steps < 1) throw new ExternalException($"Given input size: ({input.sizes[^2]}x1x{length}). Calculated output size: ({input.sizes[^2]}x1x{steps}). Output size is too small");
                return steps;
            }

            /// <summary>(.., steps, kernel): the elements of each window, <paramref name="filler"/> outside the input.</summary>
            static Tensor PoolWindows(Tensor input, long kernel, long stride, long padding, long dilation, long steps, double filler)
            {
                long after = Math.Max(0, (steps - 1) * stride + dilation * (kernel - 1) + 1 - input.sizes[^1] - padding);
                Tensor x = padding + after > 0 ? pad(input, (padding, after), PaddingModes.Constant, filler) : input;
                var places = new long[steps * kernel];
                for (long t = 0; t < steps; t++)
                    for (long j = 0; j < kernel; j++) places[t * kernel + j] = t * stride + j * dilation;
                return x.index_select(-1, tensor(places)).reshape([.. input.sizes[..^1], steps, kernel]);
            }
        }
    }
}
