using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>x1^T W_o x2 + b_o for each output o: inputs (.., in1) and (.., in2), weight (out, in1, in2), bias (out).</summary>
            public static Tensor bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias = null)
            {
                ArgumentNullException.ThrowIfNull(input1);
                ArgumentNullException.ThrowIfNull(input2);
                ArgumentNullException.ThrowIfNull(weight);
                if (input1.Rank != input2.Rank) throw new ExternalException($"bilinear(): input dimensions do not match: got {input1.Rank} and {input2.Rank}");
                for (int d = 0; d < input1.Rank - 1; d++)
                    if (input1.sizes[d] != input2.sizes[d]) throw new ExternalException($"bilinear(): input batch dimensions do not match at dim {d}: got {input1.sizes[d]} and {input2.sizes[d]}");
                if (input1.sizes[^1] != weight.sizes[1]) throw new ExternalException($"bilinear(): input1 size does not match weight size: got {input1.sizes[^1]} but expected {weight.sizes[1]}");
                if (input2.sizes[^1] != weight.sizes[2]) throw new ExternalException($"bilinear(): input2 size does not match weight size: got {input2.sizes[^1]} but expected {weight.sizes[2]}");
                if (bias is not null && bias.sizes[0] != weight.sizes[0]) throw new ExternalException($"bilinear(): bias size does not match weight size: got {bias.sizes[0]} but expected {weight.sizes[0]}");
                long o = weight.sizes[0], i = weight.sizes[1], j = weight.sizes[2];
                using DisposeScope scope = NewDisposeScope();
                Tensor flat = weight.permute(1, 0, 2).reshape(i, o * j);
                Tensor half = input1.matmul(flat).reshape([.. input1.sizes[..^1], o, j]);
                Tensor result = half.mul(input2.unsqueeze(-2)).sum(-1);
                if (bias is not null) result = result.add(bias);
                return result.MoveToOuterDisposeScope();
            }
        }
    }
}
