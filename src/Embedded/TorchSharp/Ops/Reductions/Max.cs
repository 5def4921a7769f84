using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The largest of all elements.</summary>
        public Tensor max() => Extreme(true);

        /// <summary>The smallest of all elements.</summary>
        public Tensor min() => Extreme(false);

        /// <summary>Along a dimension the largest elements and where they are, the first of equals.</summary>
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Extreme(dim, keepdim, true);

        /// <summary>Along a dimension the smallest elements and where they are, the first of equals.</summary>
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => Extreme(dim, keepdim, false);

        /// <summary>The place, in row-major order, of the largest element.</summary>
        public Tensor argmax()
        {
            using Tensor flat = detach().reshape(-1);
            return flat.argmax(0);
        }

        public Tensor argmax(long dim, bool keepdim = false) => Place(dim, keepdim, true);

        /// <summary>The place, in row-major order, of the smallest element.</summary>
        public Tensor argmin()
        {
            using Tensor flat = detach().reshape(-1);
            return flat.argmin(0);
        }

        public Tensor argmin(long dim, bool keepdim = false) => Place(dim, keepdim, false);

        /// <summary>The largest elements over dimensions; equals share the gradient.</summary>
        public Tensor amax(params long[] dims) => Shared(dims, false, true);

        /// <summary>The smallest elements over dimensions; equals share the gradient.</summary>
        public Tensor amin(params long[] dims) => Shared(dims, false, false);

        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) => Shared(dims, keepdim, true);

        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) => Shared(dims, keepdim, false);

        Tensor Place(long dim, bool keepdim, bool largest)
        {
            int d = Shapes.Dim(dim, Rank);
            using Rows rows = Rows.Of(this, d);
            var mask = new bool[Rank];
            if (Rank > 0) mask[d] = true;
            return Kept(Extremes.Places(rows, largest), mask, keepdim);
        }

        (Tensor values, Tensor indexes) Extreme(long dim, bool keepdim, bool largest)
        {
            int d = Shapes.Dim(dim, Rank);
            Tensor places = Place(dim, true, largest);
            Tensor values = gather(d, places);
            if (keepdim || Rank == 0) return (values, places);
            using (values)
            using (places)
                return (values.squeeze(d), places.squeeze(d));
        }

        Tensor Extreme(bool largest)
        {
            using Tensor flat = reshape(-1);
            using Tensor place = flat.Place(0, true, largest);
            Tensor value = flat.type == ScalarType.Bool || !Tape.Records(this) ? flat.gather(0, place).squeeze(0) : null!;
            if (value is not null) return value;
            return Shared([], false, largest);
        }

        Tensor Shared(long[] dims, bool keepdim, bool largest)
        {
            bool[] mask = Shapes.Mask(dims, Rank);
            Tensor result;
            using (Rows rows = Rows.Of(this, mask))
            using (Tensor places = Extremes.Places(rows, largest))
            using (Tensor matrix = rows.Dense.Window(rows.Dense.offset, [rows.Count, rows.Length], [rows.Length, 1], false))
            using (Tensor column = places.Window(0, [rows.Count, 1], [1, 1], false))
            {
                Tensor picked = matrix.gather(1, column);
                result = picked.Result(places.sizes, places.strides);
                picked.Dispose();
            }
            result = Kept(result, mask, keepdim);
            if (!Tape.Records(this)) return result;
            long[] kept = KeptShape(mask);
            long[] over = Enumerable.Range(0, Rank).Where(d => mask[d]).Select(d => (long)d).ToArray();
            return Tape.Record(result, "AmaxBackward", [this], [this, result], (n, g) =>
            {
                Tensor hit = n.Saved(0).eq(n.Saved(1).view(kept)).to_type(g.type);
                Tensor shares = over.Length > 0 ? hit.sum(over, true) : hit;
                return [hit.mul(g.view(kept).div(shares))];
            });
        }

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
            Tensor result = rows.NewColumn(ScalarType.Bool);
            byte* x = rows.Dense.Ptr<byte>(), to = result.Ptr<byte>();
            for (long r = 0; r < rows.Count; r++)
            {
                bool seen = all;
                for (long i = 0; i < rows.Length && seen == all; i++) seen = x[r * rows.Length + i] != 0;
                to[r] = seen ? (byte)1 : (byte)0;
            }
            return Kept(result, mask, keepdim);
        }
    }

    public static Tensor max(Tensor input) => input.max();

    public static (Tensor values, Tensor indexes) max(Tensor input, long dim, bool keepdim = false) => input.max(dim, keepdim);

    public static Tensor min(Tensor input) => input.min();

    public static (Tensor values, Tensor indexes) min(Tensor input, long dim, bool keepdim = false) => input.min(dim, keepdim);

    public static Tensor argmax(Tensor input) => input.argmax();

    public static Tensor argmax(Tensor input, long dim, bool keepdim = false) => input.argmax(dim, keepdim);

    public static Tensor all(Tensor input) => input.all();

    public static Tensor any(Tensor input) => input.any();
}
