using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// A convolution over time: input (N, C_in, L) or (C_in, L), weight (C_out, C_in / groups, K), bias (C_out). Windows are
            /// gathered and multiplied as matrices.
            /// </summary>
            public static Tensor conv1d(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? dilation = null, long groups = 1)
            {
                ArgumentNullException.ThrowIfNull(input);
                ArgumentNullException.ThrowIfNull(weight);
                long zeros = padding ?? 0;
                return Convolve(input, weight, bias, stride ?? 1, zeros, zeros, dilation ?? 1, groups);
            }

            /// <summary>As <see cref="conv1d"/>, with no padding or as much as keeps the length.</summary>
            public static Tensor conv1d_padding(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, Padding padding = Padding.Valid, long? dilation = null, long groups = 1)
            {
                ArgumentNullException.ThrowIfNull(input);
                ArgumentNullException.ThrowIfNull(weight);
                if (padding == Padding.Valid) return Convolve(input, weight, bias, stride ?? 1, 0, 0, dilation ?? 1, groups);
                if ((stride ?? 1) != 1) throw new ExternalException("padding='same' is not supported for strided convolutions");
                long all = (dilation ?? 1) * (weight.sizes[^1] - 1);
                return Convolve(input, weight, bias, 1, all / 2, all - all / 2, dilation ?? 1, groups);
            }

            static Tensor Convolve(Tensor input, Tensor weight, Tensor? bias, long stride, long before, long after, long dilation, long groups)
            {
                if (input.Rank is not (2 or 3)) throw new ExternalException($"Expected 2D (unbatched) or 3D (batched) input to conv1d, but got input of size: [{Shapes.Text(input.sizes)}]");
                if (weight.Rank != 3) throw new ExternalException($"expected 3-dimensional weight, but got {weight.Rank}-dimensional weight of size [{Shapes.Text(weight.sizes)}] instead");
                if (stride <= 0) throw new ExternalException("non-positive stride is not supported");
                if (before < 0) throw new ExternalException("negative padding is not supported");
                if (dilation <= 0) throw new ExternalException("dilation should be greater than zero");
                long outputs = weight.sizes[0], k = weight.sizes[2], channels = input.sizes[^2], own = weight.sizes[1];
                if (groups <= 0 || outputs % groups != 0) throw new ExternalException($"Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, but got weight of size [{Shapes.Text(weight.sizes)}] instead");
                if (channels != own * groups)
                    throw new ExternalException($"Given groups={groups}, weight of size [{Shapes.Text(weight.sizes)}], expected input[{Shapes.Text(input.Rank == 3 ? input.sizes : [1, .. input.sizes])}] to have {own * groups} channels, but got {channels} channels instead");
                if (bias is not null && (bias.Rank != 1 || bias.Count != outputs))
                    throw new ExternalException($"Given weight of size [{Shapes.Text(weight.sizes)}], expected bias to be 1-dimensional with {outputs} elements, but got bias of size [{Shapes.Text(bias.sizes)}] instead");
                long span = dilation * (k - 1) + 1, length = input.sizes[^1] + before + after;
                if (length < span) throw new ExternalException($"Calculated padded input size per channel: ({length}). Kernel size: ({span}). Kernel size can't be greater than actual input size");
                long steps = (length - span) / stride + 1;
                using DisposeScope scope = NewDisposeScope();
                Tensor x = input.Rank == 3 ? input : input.unsqueeze(0);
                if (before + after > 0) x = pad(x, (before, after));
                var places = new long[k * steps];
                for (long j = 0; j < k; j++)
                    for (long t = 0; t < steps; t++) places[j * steps + t] = t * stride + j * dilation;
                long batch = x.sizes[0];
                Tensor windows = x.index_select(2, tensor(places)).reshape(batch, groups, own * k, steps);
                Tensor kernels = weight.reshape(groups, outputs / groups, own * k);
                Tensor result = kernels.matmul(windows).reshape(batch, outputs, steps);
                if (bias is not null) result = result.add(bias.unsqueeze(1));
                return (input.Rank == 3 ? result : result.squeeze(0)).MoveToOuterDisposeScope();
            }
        }
    }
}
