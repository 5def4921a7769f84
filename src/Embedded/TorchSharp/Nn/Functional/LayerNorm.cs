using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Normalises over the last dimensions, which are <paramref name="normalized_shape"/>, then scales and shifts.</summary>
            public static unsafe Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05)
            {
                ArgumentNullException.ThrowIfNull(normalized_shape);
                int rank = normalized_shape.Length;
                if (input.Rank < rank || !input.sizes.AsSpan(input.Rank - rank).SequenceEqual(normalized_shape))
                    throw new ExternalException($"Given normalized_shape=[{Shapes.Text(normalized_shape)}], expected input with shape [*, {Shapes.Text(normalized_shape)}], but got input of size[{Shapes.Text(input.sizes)}]");
                if (!Dtypes.IsFloating(input.type)) throw new ExternalException($"\"LayerNormKernelImpl\" not implemented for '{Names.Of(input.type)}'");
                if (input.type is ScalarType.Float16 or ScalarType.BFloat16)
                    return layer_norm(input.@float(), normalized_shape, weight?.@float(), bias?.@float(), eps).to_type(input.type);
                long n = Shapes.Numel(normalized_shape), rows = n == 0 ? 0 : input.Count / n;
                Tensor result = Tensor.Create(input.sizes, input.type);
                Tensor means = Tensor.Create([rows], input.type, false), scales = Tensor.Create([rows], input.type, false);
                using (means)
                using (scales)
                {
                    using (Tensor x = input.Dense())
                    using (Tensor? w = weight?.Dense())
                    using (Tensor? b = bias?.Dense())
                    {
                        if (input.type == ScalarType.Float64)
                            LayerNorms.Forward(x.Ptr<double>(), w is null ? null : w.Ptr<double>(), b is null ? null : b.Ptr<double>(), result.Ptr<double>(), means.Ptr<double>(), scales.Ptr<double>(), rows, n, eps);
                        else
                            Kernels.LayerNorm.Forward(x.Ptr<float>(), w is null ? null : w.Ptr<float>(), b is null ? null : b.Ptr<float>(), (float)eps, result.Ptr<float>(), means.Ptr<float>(), scales.Ptr<float>(), rows, (int)n);
                    }
                    if (!Tape.Records(input, weight, bias)) return result;
                    return Tape.Record(result, "LayerNormBackward", [input, weight, bias], [input, weight, means, scales], (node, g) => LayerNormGradients(node, g, rows, n));
                }
            }

            static unsafe Tensor?[] LayerNormGradients(Node node, Tensor g, long rows, long n)
            {
                bool weighted = node.HasSaved(1);
                Tensor? dx = node.Needs(0) ? Tensor.Create(node.Saved(0).sizes, g.type) : null;
                Tensor? dw = node.Needs(1) ? zeros(node.Saved(1).sizes, g.type) : null;
                Tensor? db = node.Needs(2) ? zeros(g.sizes[^(weighted ? node.Saved(1).Rank : 1)..], g.type) : null;
                using Tensor x = node.Saved(0).Dense(), dy = g.Dense();
                using Tensor? w = weighted ? node.Saved(1).Dense() : null;
                Tensor means = node.Saved(2), scales = node.Saved(3);
                if (g.type == ScalarType.Float64)
                    LayerNorms.Backward(x.Ptr<double>(), w is null ? null : w.Ptr<double>(), dy.Ptr<double>(), means.Ptr<double>(), scales.Ptr<double>(), dx is null ? null : dx.Ptr<double>(), dw is null ? null : dw.Ptr<double>(), db is null ? null : db.Ptr<double>(), rows, n);
                else
                    Kernels.LayerNorm.Backward(x.Ptr<float>(), w is null ? null : w.Ptr<float>(), means.Ptr<float>(), scales.Ptr<float>(), dy.Ptr<float>(), dx is null ? null : dx.Ptr<float>(), dw is null ? null : dw.Ptr<float>(), db is null ? null : db.Ptr<float>(), rows, (int)n);
                return [dx, dw, db];
            }
        }
    }
}
