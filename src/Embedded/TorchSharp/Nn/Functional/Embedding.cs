using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Rows of a table by number.</summary>
    internal static class Embeddings
    {
        /// <summary>weight[input]: weight (V, d), input any shape of whole numbers; the padding row's gradient is 0.</summary>
        public static unsafe Tensor Lookup(Tensor weight, Tensor input, long? padding)
        {
            long v = weight.sizes[0], d = weight.sizes[1];
            using Tensor ids = Gathering.Checked(input, v);
            Tensor result = Tensor.Create([.. input.sizes, d], weight.type);
            if (weight.type == ScalarType.Float32)
            {
                using DenseRead table = new(weight);
                Kernels.EmbeddingRows.Gather(table.Ptr<float>(), v, ids.Ptr<long>(), result.Ptr<float>(), ids.Count, (int)d);
            }
            else
            {
                using Tensor table = weight.Dense();
                Gathering.Select(table, result, 1, v, d * weight.ElementSize, ids.data<long>().ToArray());
            }
            return Tape.Records(weight) ? Recorded(result, weight, ids, padding) : result;
        }

        static unsafe Tensor Recorded(Tensor result, Tensor weight, Tensor ids, long? padding)
        {
            long v = weight.sizes[0], d = weight.sizes[1];
            return Tape.Record(result, "EmbeddingBackward", [weight], [ids], (node, g) =>
            {
                Tensor dw = zeros([v, d], g.type), places = node.Saved(0);
                using DenseRead dy = new(g);
                if (g.type == ScalarType.Float32)
                {
                    Kernels.EmbeddingRows.ScatterAdd(dw.Ptr<float>(), v, places.Ptr<long>(), dy.Ptr<float>(), places.Count, (int)d, padding ?? -1);
                    return [dw];
                }
                using Tensor dense = g.Dense();
                Gathering.AddRows(dense, dw, 1, v, d, places.data<long>().ToArray(), 1);
                if (padding is { } row)
                    using (Tensor rest = dw.Window(row * d, [d], [1], false)) Numbers.Write(rest, 0L);
                return [dw];
            });
        }
    }
}
