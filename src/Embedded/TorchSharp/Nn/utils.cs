using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Scales all gradients so that their common norm is at most <paramref name="max_norm"/>; gives the norm they had.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                ArgumentNullException.ThrowIfNull(tensors);
                using DisposeScope scope = NewDisposeScope();
                using IDisposable mode = no_grad();
                List<Tensor> gradients = tensors.Where(t => t.gradient is not null).Select(t => t.gradient!).ToList();
                double total = 0;
                foreach (Tensor g in gradients)
                {
                    if (norm_type == 2) total += Norms.Squared(g);
                    else if (double.IsPositiveInfinity(norm_type)) total = Math.Max(total, g.abs().max().ToDouble());
                    else total += g.abs().to_type(ScalarType.Float64).pow(norm_type).sum().ToDouble();
                }
                double norm = double.IsPositiveInfinity(norm_type) ? total : norm_type == 2 ? Math.Sqrt(total) : Math.Pow(total, 1 / norm_type);
                double factor = max_norm / (norm + 1e-6);
                if (factor < 1 || double.IsNaN(factor))
                    foreach (Tensor g in gradients) Norms.Scale(g, factor);
                return norm;
            }

            /// <summary>Limits each gradient's elements to plus and minus a value.</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                ArgumentNullException.ThrowIfNull(tensors);
                using IDisposable mode = no_grad();
                foreach (Parameter t in tensors) t.gradient?.clamp_(-clip_value, clip_value);
            }
        }
    }
}
