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
                long[] shape = Shapes.WithLast(input.sizes, n);
                if (bias is not null && (bias.Rank != 1 || bias.sizes[0] != n)) // what isn't one number a column is spread, or refused
                {
                    using DisposeScope scope = NewDisposeScope();
                    return linear(input, weights).add(bias.expand(shape)).MoveToOuterDisposeScope();
                }
                Tensor result = Tensor.Create(shape, input.type);
                if (input.type == ScalarType.Float32) Matrix.Single(input, weights, result, bias, false, reused: true, transposeB: true);
                else
                    using (Tensor x = Matrices.Rows(input, k))
                    using (Tensor wt = weights.Window(weights.offset, [k, n], [weights.strides[1], weights.strides[0]], false))
                        Matrices.Multiply(x, wt, result, bias);
                return Tape.Records(input, weights, bias)
                    ? Tape.Record(result, "LinearBackward", [input, weights, bias], [weights.requiresGrad ? input : null, input.requiresGrad ? weights : null], LinearGradients)
                    : result;
            }

            static Tensor?[] LinearGradients(Node node, Tensor g)
            {
                long n = g.sizes[^1], k = node.HasSaved(1) ? node.Saved(1).sizes[1] : node.HasSaved(0) ? node.Saved(0).sizes[^1] : 0;
                if (Tape.Records(g, node.HasSaved(0) ? node.Saved(0) : null, node.HasSaved(1) ? node.Saved(1) : null))
                {
                    Tensor rows = g.reshape(-1, n);
                    return Tape.Composed(
                        g,
                        node.Needs(0) ? g.matmul(node.Saved(1)) : null,
                        node.Needs(1) ? rows.t().matmul(node.Saved(0).reshape(-1, k)) : null,
                        node.Needs(2) ? Tape.SumTo(rows, [n]) : null);
                }
                Tensor dy = g.is_contiguous() ? g : g.Dense();
                Tensor? dx = null, dw = null, db = null;
                if (node.Needs(0))
                {
                    dx = Tensor.Create(Shapes.WithLast(g.sizes, k), g.type);
                    if (g.type == ScalarType.Float32) Matrix.Single(dy, node.Saved(1), dx, null, false);
                    else
                        using (Tensor rows = Matrices.Rows(dy, n)) Matrices.Multiply(rows, node.Saved(1), dx, null);
                }
                if (node.Needs(1))
                {
                    dw = Tensor.Create([n, k], g.type);
                    if (g.type == ScalarType.Float32) Matrix.Single(dy, node.Saved(0), dw, null, false, transposeA: true);
                    else
                    {
                        using Tensor x = Matrices.Rows(node.Saved(0), k), rows = Matrices.Rows(dy, n);
                        using Tensor dyt = rows.Window(rows.offset, [n, rows.sizes[0]], [1, n], false);
                        Matrices.Multiply(dyt, x, dw, null);
                    }
                }
                if (node.Needs(2)) db = Matrices.ColumnSums(dy);
                if (!ReferenceEquals(dy, g)) dy.Dispose();
                return [dx, dw, db];
            }
        }
    }
}
