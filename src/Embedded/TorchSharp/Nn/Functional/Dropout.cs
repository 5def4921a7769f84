using TorchSharp.Autograd;
using TorchSharp.Random;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// Zeros with probability p, the other elements scaled by 1 / (1 - p). Element i's draw depends on the default
            /// generator's seed and offset + i alone; the backward pass draws the same again and saves no mask.
            /// </summary>
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
            {
                if (p is < 0 or > 1) throw new System.Runtime.InteropServices.ExternalException($"dropout probability has to be between 0 and 1, but got {p}");
                if (!training || p == 0) return inplace ? input : input.alias();
                CheckScaled(input);
                (ulong seed, ulong start) = Generator.Default.Take(input.Count);
                Tensor result = Dropped(input, seed, start, p);
                if (Tape.Records(input)) Tape.Record(result, "DropoutBackward", [input], [], (_, g) => [Dropped(g, seed, start, p)]);
                if (!inplace) return result;
                Tape.BeforeInPlace(input);
                using (result)
                {
                    Copy.Elements(result, input);
                    return result.requiresGrad ? Tape.Record(input, "InPlaceBackward", [result], [], (_, g) => [g]) : input;
                }
            }

            static unsafe Tensor Dropped(Tensor x, ulong seed, ulong start, double p)
            {
                if (x.type == ScalarType.Float32)
                {
                    Tensor kept = Tensor.Like(x, x.type);
                    using DenseRead read = new(x);
                    Kernels.Dropout.Run(read.Ptr<float>(), kept.Ptr<float>(), x.Count, (float)p, seed, start);
                    return kept;
                }
                ScalarType compute = Dtypes.Compute(x.type);
                if (compute == ScalarType.Float32)
                {
                    using Tensor wide = Elementwise.As(x, compute);
                    return Dropped(wide, seed, start, p).to_type(x.type, disposeAfter: true);
                }
                Tensor result = Tensor.Like(x, compute);
                using DenseRead dense = new(x);
                uint threshold = (uint)Math.Min(p * 4294967296.0, uint.MaxValue);
                double scale = p < 1 ? 1 / (1 - p) : 0;
                long n = x.Count;
                for (long i = 0; i < n; i++) result.Ptr<double>()[i] = Philox.Word(seed, start + (ulong)i) < threshold ? 0 : dense.Ptr<double>()[i] * scale;
                return result;
            }
        }
    }
}
