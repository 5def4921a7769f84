using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>x W^T + b: input (.., in), weights (out, in), bias (out).</summary>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null)
            {
                ArgumentNullException.ThrowIfNull(input);
                ArgumentNullException.ThrowIfNull(weights);
                if (weights.Rank != 2) throw new ExternalException("linear: weights must be a matrix");
                long n = weights.sizes[0], k = weights.sizes[1];
                if (input.Rank == 0 || input.sizes[^1] != k)
                    throw new ExternalException($"mat1 and mat2 shapes cannot be multiplied ({(input.Rank > 0 ? input.Count / Math.Max(1, input.sizes[^1]) : 0)}x{(input.Rank > 0 ? input.sizes[^1] : 0)} and {k}x{n})");
                if (input.type != weights.type || (bias is not null && bias.type != input.type))
                    throw new ExternalException($"mat1 and mat2 must have the same dtype, but got {Names.Of(input.type)} and {Names.Of(weights.type)}");
                long[] shape = [.. input.sizes[..^1], n];
                Tensor result = Tensor.Create(shape, input.type);
                using (Tensor x = Matrices.Rows(input, k))
                using (Tensor y = result.Window(0, [x.sizes[0], n], [n, 1], false))
                using (Tensor wt = weights.Window(weights.offset, [k, n], [weights.strides[1], weights.strides[0]], false))
                    Matrices.Multiply(x, wt, y, bias, reused: true);
                if (!Tape.Records(input, weights, bias)) return result;
                long[] from = input.sizes;
                return Tape.Record(result, "LinearBackward", [input, weights, bias], [weights.requiresGrad ? input : null, input.requiresGrad ? weights : null], (node, g) =>
                {
                    using Tensor dy = Matrices.Rows(g, n);
                    Tensor? dx = null, dw = null, db = null;
                    if (node.Needs(0))
                    {
                        dx = Tensor.Create(from, g.type);
                        using Tensor rows = dx.Window(0, [dy.sizes[0], k], [k, 1], false);
                        Matrices.Multiply(dy, node.Saved(1), rows, null);
                    }
                    if (node.Needs(1))
                    {
                        dw = Tensor.Create([n, k], g.type);
                        using Tensor x = Matrices.Rows(node.Saved(0), k);
                        using Tensor dyt = dy.Window(dy.offset, [n, dy.sizes[0]], [dy.strides[1], dy.strides[0]], false);
                        Matrices.Multiply(dyt, x, dw, null);
                    }
                    if (node.Needs(2)) db = Matrices.ColumnSums(dy);
                    return [dx, dw, db];
                });
            }
        }
    }
}
