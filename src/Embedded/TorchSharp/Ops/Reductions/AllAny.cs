namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>True when all elements are other than 0.</summary>
        public Tensor all() => Any(Shapes.Mask([], Rank), false, true);

        public Tensor all(long dim, bool keepdim = false) => Any(Shapes.Mask([dim], Rank), keepdim, true);

        /// <summary>True when any element is other than 0.</summary>
        public Tensor any() => Any(Shapes.Mask([], Rank), false, false);

        public Tensor any(long dim, bool keepdim = false) => Any(Shapes.Mask([dim], Rank), keepdim, false);

        unsafe Tensor Any(bool[] mask, bool keepdim, bool all)
        {
            using Tensor flags = Elementwise.As(this, ScalarType.Bool);
            using Rows rows = Rows.Of(flags, mask);
            // Of bytes libtorch gives a byte.
            Tensor result = rows.NewColumn(type == ScalarType.Byte ? ScalarType.Byte : ScalarType.Bool);
            byte* x = rows.Dense.Ptr<byte>(), to = result.Ptr<byte>();
            for (long r = 0; r < rows.Count; r++)
            {
                bool seen = all;
                for (long i = 0; i < rows.Length && seen == all; i++) seen = x[r * rows.Length + i] != 0;
                to[r] = seen ? (byte)1 : (byte)0;
            }
            return Kept(result, mask, keepdim);
        }

        /// <summary>How many elements are other than 0, over the given dimensions or all.</summary>
        public Tensor count_nonzero(long[]? dims = null)
        {
            using Tensor flags = Elementwise.As(this, ScalarType.Bool);
            return flags.Summed(dims ?? [], false, ScalarType.Int64);
        }
    }

    public static Tensor all(Tensor input) => input.all();

    public static Tensor all(Tensor input, long dim, bool keepdim = false) => input.all(dim, keepdim);

    public static Tensor any(Tensor input) => input.any();

    public static Tensor any(Tensor input, long dim, bool keepdim = false) => input.any(dim, keepdim);

    public static Tensor count_nonzero(Tensor input, long[]? dims = null) => input.count_nonzero(dims);
}
