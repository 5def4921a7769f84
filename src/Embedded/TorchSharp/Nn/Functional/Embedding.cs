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
            long[] ids = Gathering.Indices(input, v, false, _ => "index out of range in self");
            Tensor result = Tensor.Create([.. input.sizes, d], weight.type);
            using (Tensor table = weight.Dense())
            {
                if (weight.type != ScalarType.Float32) Gathering.Select(table, result, 1, v, d * weight.ElementSize, ids);
                else
                    fixed (long* places = ids) Kernels.EmbeddingRows.Gather(table.Ptr<float>(), v, places, result.Ptr<float>(), ids.Length, (int)d);
            }
            if (!Tape.Records(weight)) return result;
            return Tape.Record(result, "EmbeddingBackward", [weight], [], (_, g) =>
            {
                Tensor dw = zeros([v, d], g.type);
                using Tensor dy = g.Dense();
                if (g.type == ScalarType.Float32)
                {
                    fixed (long* places = ids) Kernels.EmbeddingRows.ScatterAdd(dw.Ptr<float>(), v, places, dy.Ptr<float>(), ids.Length, (int)d, padding ?? -1);
                    return [dw];
                }
                Gathering.AddRows(dy, dw, 1, v, d, ids, 1);
                if (padding is { } row)
                    using (Tensor rest = dw.Window(row * d, [d], [1], false)) Numbers.Write(rest, 0L);
                return [dw];
            });
        }
    }
}
