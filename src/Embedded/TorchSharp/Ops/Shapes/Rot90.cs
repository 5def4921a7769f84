using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The tensor turned by k quarters in the plane of two dimensions, from the first towards the second.</summary>
        public Tensor rot90(long k = 1, (long, long)? dims = null)
        {
            (long first, long second) = dims ?? (0, 1);
            if (Rank < 2) throw new ExternalException($"expected total dims >= 2, but got total dims = {Rank}");
            int a = Shapes.Dim(first, Rank), b = Shapes.Dim(second, Rank);
            if (a == b) throw new ExternalException($"expected rotation dims to be different, but got dim0 = {first} and dim1 = {second}");
            switch ((k % 4 + 4) % 4)
            {
                case 1:
                    using (Tensor flipped = flip(b)) return flipped.transpose(a, b).contiguous();
                case 2: return flip(a, b);
                case 3:
                    using (Tensor flipped = flip(a)) return flipped.transpose(a, b).contiguous();
                default: return clone();
            }
        }
    }

    public static Tensor rot90(Tensor input, long k = 1, (long, long)? dims = null) => input.rot90(k, dims);
}
