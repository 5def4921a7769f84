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
                CheckAffine(input, weight, "weight", normalized_shape);
                CheckAffine(input, bias, "bias", normalized_shape);
                long n = Shapes.Numel(normalized_shape), rows = n == 0 ? 0 : input.Count / n;
                Tensor result = Tensor.Like(input, input.type);
                bool record = Tape.Records(input, weight, bias);
                using Tensor? moments = record || input.type == ScalarType.Float64 ? Tensor.Create([2 * rows], input.type, false) : null; // means, then 1 / deviations
                using DenseRead x = new(input), w = new(weight), b = new(bias);
                if (input.type == ScalarType.Float64)
                    LayerNorms.Forward(x.Ptr<double>(), w.Ptr<double>(), b.Ptr<double>(), result.Ptr<double>(), moments!.Ptr<double>(), moments.Ptr<double>() + rows, rows, n, eps);
                else
                    Kernels.LayerNorm.Forward(x.Ptr<float>(), w.Ptr<float>(), b.Ptr<float>(), (float)eps, result.Ptr<float>(), record ? moments!.Ptr<float>() : null, record ? moments!.Ptr<float>() + rows : null, rows, (int)n);
                return record ? Recorded(result, input, weight, bias, moments!, rank, eps) : result;
            }

            static void CheckAffine(Tensor input, Tensor? parameter, string name, long[] shape)
            {
                if (parameter is null) return;
                if (!parameter.sizes.AsSpan().SequenceEqual(shape))
                    throw new ExternalException($"Expected {name} to be of same shape as normalized_shape, but got {name} of shape [{Shapes.Text(parameter.sizes)}] and normalized_shape = [{Shapes.Text(shape)}]");
                if (parameter.type != input.type) throw new ExternalException($"expected scalar type {Names.Of(input.type)} but found {Names.Of(parameter.type)}");
            }

            // Apart, so that a call which isn't recorded makes no closure.
            static Tensor Recorded(Tensor result, Tensor input, Tensor? weight, Tensor? bias, Tensor moments, int rank, double eps) =>
                Tape.Record(result, "LayerNormBackward", [input, weight, bias], [input, weight, moments], (node, g) => LayerNormGradients(node, g, rank, eps));

            static unsafe Tensor?[] LayerNormGradients(Node node, Tensor g, int rank, double eps)
            {
                bool weighted = node.HasSaved(1);
                if (Tape.Records(node.Saved(0), g, weighted ? node.Saved(1) : null)) return LayerNormByOperations(node, g, rank, eps);
                long n = Shapes.Numel(g.sizes.AsSpan(g.Rank - rank)), rows = n == 0 ? 0 : g.Count / n;
                Tensor? dx = node.Needs(0) ? Tensor.Like(node.Saved(0), g.type) : null;
                Tensor? dw = node.Needs(1) ? zeros(node.Saved(1).sizes, g.type) : null;
                Tensor? db = node.Needs(2) ? zeros(g.sizes[^rank..], g.type) : null;
                using DenseRead x = new(node.Saved(0)), dy = new(g), w = new(weighted ? node.Saved(1) : null);
                Tensor moments = node.Saved(2);
                if (g.type == ScalarType.Float64)
                    LayerNorms.Backward(x.Ptr<double>(), w.Ptr<double>(), dy.Ptr<double>(), moments.Ptr<double>(), moments.Ptr<double>() + rows, dx is null ? null : dx.Ptr<double>(), dw is null ? null : dw.Ptr<double>(), db is null ? null : db.Ptr<double>(), rows, n);
                else
                    Kernels.LayerNorm.Backward(x.Ptr<float>(), w.Ptr<float>(), moments.Ptr<float>(), moments.Ptr<float>() + rows, dy.Ptr<float>(), dx is null ? null : dx.Ptr<float>(), dw is null ? null : dw.Ptr<float>(), db is null ? null : db.Ptr<float>(), rows, (int)n);
                return [dx, dw, db];
            }

            /// <summary>With xhat = (x - mean) r, r = 1 / sqrt(variance + eps), G = g w: dx = r (G - mean G - xhat mean(G xhat)), dw = sum g xhat, db = sum g.</summary>
            static Tensor?[] LayerNormByOperations(Node node, Tensor g, int rank, double eps)
            {
                Tensor x = node.Saved(0);
                Tensor? w = node.HasSaved(1) ? node.Saved(1) : null;
                long[] last = [.. Enumerable.Range(x.Rank - rank, rank).Select(d => (long)d)], shape = x.sizes[^rank..];
                Tensor centred = x.sub(x.mean(last, true)), r = centred.square().mean(last, true).add(eps).rsqrt(), hat = centred.mul(r);
                Tensor scaled = w is null ? g : g.mul(w);
                return Tape.Composed(
                    g,
                    node.Needs(0) ? r.mul(scaled.sub(scaled.mean(last, true)).sub(hat.mul(scaled.mul(hat).mean(last, true)))) : null,
                    node.Needs(1) ? Tape.SumTo(g.mul(hat), shape) : null,
                    node.Needs(2) ? Tape.SumTo(g, shape) : null);
            }
        }
    }
}
