using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// Normalises each channel of (N, C, ..), by the batch while training (the running averages then move towards it by
            /// <paramref name="momentum"/>), by the running averages otherwise; then scales and shifts.
            /// </summary>
            public static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1e-05)
            {
                ArgumentNullException.ThrowIfNull(input);
                long channels = input.Rank > 1 ? input.sizes[1] : throw new ExternalException($"Expected 2D or more dimensions, but got {input.Rank}D input");
                foreach ((string name, Tensor? t) in new[] { ("running_mean", running_mean), ("running_var", running_var), ("weight", weight), ("bias", bias) })
                {
                    if (t is not null && t.Count != channels) throw new ExternalException($"{name} should contain {channels} elements not {t.Count}");
                    if (t is not null && !Fits(t.type, input.type)) throw new ExternalException("mixed dtype (CPU): expect parameter to have scalar type of Float");
                }
                long count = channels == 0 ? 0 : input.Count / channels;
                if (training && count <= 1) throw new ExternalException($"Expected more than 1 value per channel when training, got input size [{Shapes.Text(input.sizes)}]");
                if (!training && (running_mean is null || running_var is null)) throw new ExternalException($"Expected {(running_mean is null ? "running_mean" : "running_var")} to be defined when training=False");
                using DisposeScope scope = NewDisposeScope();
                long[] shape = [1, channels, .. Enumerable.Repeat(1L, input.Rank - 2)], dims = [.. Enumerable.Range(0, input.Rank).Where(d => d != 1).Select(d => (long)d)];
                Tensor mean, variance;
                if (training)
                {
                    mean = input.mean(dims, true);
                    variance = input.sub(mean).square().mean(dims, true);
                    using IDisposable mode = no_grad();
                    running_mean?.mul_(1 - momentum).add_(mean.reshape(channels).mul(momentum).to_type(running_mean.type));
                    running_var?.mul_(1 - momentum).add_(variance.reshape(channels).mul(momentum * count / (count - 1)).to_type(running_var.type));
                }
                else
                {
                    mean = running_mean!.view(shape);
                    variance = running_var!.view(shape);
                }
                Tensor result = input.sub(mean).mul(variance.add(eps).rsqrt());
                if (weight is not null) result = result.mul(weight.view(shape));
                if (bias is not null) result = result.add(bias.view(shape));
                return result.MoveToOuterDisposeScope();
            }

            /// <summary>Parameters are of the input's type; those of half-precision inputs can be float32.</summary>
            static bool Fits(ScalarType parameter, ScalarType input) =>
                parameter == input || (parameter == ScalarType.Float32 && input is ScalarType.Float16 or ScalarType.BFloat16);

            /// <summary>Normalises each item's channels in groups, (N, C, ..), then scales and shifts each channel.</summary>
            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05)
            {
                ArgumentNullException.ThrowIfNull(input);
                if (input.Rank < 2) throw new ExternalException($"Expected at least 2 dimensions for input tensor but received {input.Rank}");
                long channels = input.sizes[1];
                if (num_groups <= 0) throw new ExternalException($"Expected num groups to be greater than 0, got {num_groups}");
                if (channels % num_groups != 0)
                    throw new ExternalException($"Expected number of channels in input to be divisible by num_groups, but got input of shape [{Shapes.Text(input.sizes)}] and num_groups={num_groups}");
                foreach ((string name, Tensor? t) in new[] { ("weight", weight), ("bias", bias) })
                {
                    if (t is not null && (t.Rank != 1 || t.Count != channels))
                        throw new ExternalException($"Expected {name} to be a vector of size equal to the number of channels in input, but got {name} of shape [{Shapes.Text(t.sizes)}] and input of shape [{Shapes.Text(input.sizes)}]");
                    if (t is not null && !Fits(t.type, input.type)) throw new ExternalException($"expected scalar type {Names.Of(input.type)} but found {Names.Of(t.type)}");
                }
                using DisposeScope scope = NewDisposeScope();
                return PerChannel(InRows(input, input.sizes[0] * num_groups, eps), weight, bias).MoveToOuterDisposeScope();
            }

            /// <summary>Normalises each channel of each item, (N, C, ..), by itself or by running averages.</summary>
            public static Tensor instance_norm(Tensor input, Tensor? running_mean = null, Tensor? running_var = null, Tensor? weight = null, Tensor? bias = null, bool use_input_stats = true, double momentum = 0.1, double eps = 1e-05)
            {
                ArgumentNullException.ThrowIfNull(input);
                if (!use_input_stats && (running_mean is null || running_var is null)) throw new ExternalException("Expected running_mean and running_var to be defined when use_input_stats is false");
                if (input.Rank < 3) throw new ExternalException($"Expected 3D or more dimensions, but got {input.Rank}D input");
                long items = input.sizes[0], channels = input.sizes[1], count = input.Count / Math.Max(1, items * channels);
                if (use_input_stats && count <= 1) throw new ExternalException($"Expected more than 1 spatial element when training, got input size [{Shapes.Text(input.sizes)}]");
                if (!use_input_stats) return batch_norm(input, running_mean, running_var, weight, bias, false, momentum, eps);
                using DisposeScope scope = NewDisposeScope();
                if (running_mean is not null || running_var is not null)
                {
                    using IDisposable mode = no_grad();
                    Tensor values = input.reshape(items, channels, count);
                    running_mean?.mul_(1 - momentum).add_(values.mean([0L, 2L]).mul(momentum));
                    running_var?.mul_(1 - momentum).add_(values.var(2, true).mean([0L]).mul(momentum));
                }
                return PerChannel(InRows(input, items * channels, eps), weight, bias).MoveToOuterDisposeScope();
            }

            /// <summary>Each of so many equal runs of elements normalised.</summary>
            static Tensor InRows(Tensor input, long rows, double eps)
            {
                Tensor flat = input.reshape(rows, -1);
                return layer_norm(flat, [flat.sizes[1]], null, null, eps).reshape(input.sizes);
            }

            static Tensor PerChannel(Tensor x, Tensor? weight, Tensor? bias)
            {
                long[] shape = [1, x.sizes[1], .. Enumerable.Repeat(1L, x.Rank - 2)];
                if (weight is not null) x = x.mul(weight.view(shape));
                return bias is null ? x : x.add(bias.view(shape));
            }
        }
    }
}
