using System.Runtime.InteropServices;
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
            if (Count == 0) throw new ExternalException("argmax(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.");
            using Tensor flat = detach().reshape(-1);
            return flat.argmax(0);
        }

        public Tensor argmax(long dim, bool keepdim = false) => Place(dim, keepdim, true, "argmax");

        /// <summary>The place, in row-major order, of the smallest element.</summary>
        public Tensor argmin()
        {
            if (Count == 0) throw new ExternalException("argmin(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.");
            using Tensor flat = detach().reshape(-1);
            return flat.argmin(0);
        }

        public Tensor argmin(long dim, bool keepdim = false) => Place(dim, keepdim, false, "argmin");

        /// <summary>The largest elements over dimensions; equals share the gradient.</summary>
        public Tensor amax(params long[] dims) => Shared(dims, false, true);

        /// <summary>The smallest elements over dimensions; equals share the gradient.</summary>
        public Tensor amin(params long[] dims) => Shared(dims, false, false);

        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => Written(Shared(dims.ToArray(), keepdim, true), @out);

        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => Written(Shared(dims.ToArray(), keepdim, false), @out);

        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) => Written(Shared(dims, keepdim, true), @out);

        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) => Written(Shared(dims, keepdim, false), @out);

        /// <summary>The smallest and the largest elements, along a dimension or of all.</summary>
        public (Tensor min, Tensor max) aminmax(long? dim = null, bool keepdim = false)
        {
            long[] over = dim is { } d ? [d] : [];
            if (Count == 0) throw new ExternalException("aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity.");
            return (Shared(over, keepdim, false), Shared(over, keepdim, true));
        }

        /// <summary>Hands a result over to the tensor that was given for it.</summary>
        static Tensor Written(Tensor result, Tensor? target)
        {
            if (target is null) return result;
            using (result)
            {
                if (target.sizes.AsSpan().SequenceEqual(result.sizes)) return target.copy_(result);
                if (target.type != result.type)
                    throw new ExternalException($"Expected out tensor to have dtype {Names.InWords(result.type)}, but got {Names.InWords(target.type)} instead");
                // A tensor given for a result takes its shape.
                TensorBuffer old = target.buffer!;
                target.buffer = result.buffer!.Retain();
                (target.offset, target.sizes, target.strides) = (result.offset, result.sizes, result.strides);
                old.Release();
                return target;
            }
        }

        Tensor Place(long dim, bool keepdim, bool largest, string caller)
        {
            int d = Shapes.Dim(dim, Rank);
            if (Rank > 0 && sizes[d] == 0) throw new ExternalException($"{caller}(): Expected reduction dim {dim} to have non-zero size.");
            using Tensor x = Elementwise.As(this, Dtypes.Compute(type));
            using Rows rows = Rows.Of(x, d);
            var mask = new bool[Rank];
            if (Rank > 0) mask[d] = true;
            return Kept(Extremes.Places(rows, largest), mask, keepdim);
        }

        (Tensor values, Tensor indexes) Extreme(long dim, bool keepdim, bool largest)
        {
            int d = Shapes.Dim(dim, Rank);
            Tensor places = Place(dim, true, largest, largest ? "max" : "min");
            Tensor values = gather(d, places);
            if (keepdim || Rank == 0) return (values, places);
            using (values)
            using (places)
                return (values.squeeze(d), places.squeeze(d));
        }

        Tensor Extreme(bool largest)
        {
            string name = largest ? "max" : "min";
            if (Count == 0) throw new ExternalException($"{name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.");
            using Tensor flat = reshape(-1);
            using Tensor place = flat.Place(0, true, largest, largest ? "max" : "min");
            Tensor value = flat.type == ScalarType.Bool || !Tape.Records(this) ? flat.gather(0, place).squeeze(0) : null!;
            if (value is not null) return value;
            return Shared([], false, largest);
        }

        Tensor Shared(long[] dims, bool keepdim, bool largest)
        {
            bool[] mask = Shapes.Mask(dims, Rank);
            for (int d = 0; d < Rank; d++)
                if (mask[d] && sizes[d] == 0)
                    throw new ExternalException($"{(largest ? "amax" : "amin")}(): Expected reduction dim {d} to have non-zero size.");
            Tensor result;
            using (Tensor x = Elementwise.As(this, Dtypes.Compute(type)))
            using (Rows rows = Rows.Of(x, mask))
            using (Tensor places = Extremes.Places(rows, largest))
            using (Tensor matrix = rows.Dense.Window(rows.Dense.offset, [rows.Count, rows.Length], [rows.Length, 1], false))
            using (Tensor column = places.Window(0, [rows.Count, 1], [1, 1], false))
            {
                Tensor picked = matrix.gather(1, column);
                result = picked.Result(places.sizes, places.strides);
                picked.Dispose();
            }
            result = Kept(result, mask, keepdim);
            if (result.type != type) result = result.to_type(type, disposeAfter: true);
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
    }

    public static Tensor max(Tensor input) => input.max();

    public static (Tensor values, Tensor indexes) max(Tensor input, long dim, bool keepdim = false) => input.max(dim, keepdim);

    public static Tensor min(Tensor input) => input.min();

    public static (Tensor values, Tensor indexes) min(Tensor input, long dim, bool keepdim = false) => input.min(dim, keepdim);

    public static Tensor argmax(Tensor input) => input.argmax();

    public static Tensor argmax(Tensor input, long dim, bool keepdim = false) => input.argmax(dim, keepdim);

    public static Tensor argmin(Tensor input) => input.argmin();

    public static Tensor argmin(Tensor input, long dim, bool keepdim = false) => input.argmin(dim, keepdim);

    public static Tensor amax(Tensor input, long[] dims) => input.amax(dims);

    public static Tensor amax(Tensor input, long[] dims, bool keepdim = false, Tensor? @out = null) => input.amax(dims, keepdim, @out);

    public static Tensor amax(Tensor input, ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => input.amax(dims, keepdim, @out);

    public static Tensor amin(Tensor input, long[] dims, bool keepdim = false, Tensor? @out = null) => input.amin(dims, keepdim, @out);

    public static Tensor amin(Tensor input, ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => input.amin(dims, keepdim, @out);

    public static (Tensor min, Tensor max) aminmax(Tensor input, long? dim = null, bool keepdim = false) => input.aminmax(dim, keepdim);
}
