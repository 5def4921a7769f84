using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Views of <paramref name="size"/> places each; the last may be shorter.</summary>
        public Tensor[] split(long size, int dim = 0)
        {
            if (Rank == 0) throw new ExternalException("split expects at least a 1-dimensional tensor");
            if (size < 0) throw new ExternalException($"split expects split_size be non-negative, but got split_size={size}");
            int d = Shapes.Dim(dim, Rank);
            if (size == 0 && sizes[d] != 0)
                throw new ExternalException($"split_size can only be 0 if dimension size is 0, but got dimension size of {sizes[d]}");
            var parts = new List<Tensor>();
            for (long at = 0; at < Math.Max(sizes[d], 1); at += Math.Max(size, 1)) parts.Add(Sliced(d, at, Math.Min(at + size, sizes[d]), 1, "SplitBackward", ViewOrigin.Several));
            return [.. parts];
        }

        /// <summary>Views of the given sizes.</summary>
        public Tensor[] split(long[] sizes, long dim = 0)
        {
            ArgumentNullException.ThrowIfNull(sizes);
            if (Rank == 0) throw new ExternalException("split expects at least a 1-dimensional tensor");
            int d = Shapes.Dim(dim, Rank);
            long total = 0;
            foreach (long size in sizes)
            {
                if (size < 0) throw new ExternalException($"split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes=[{Shapes.Text(sizes)}]");
                total += size;
            }
            if (total != this.sizes[d])
                throw new ExternalException($"split_with_sizes expects split_sizes to sum exactly to {this.sizes[d]} (input tensor's size at dimension {d}), but got split_sizes=[{Shapes.Text(sizes)}]");
            var parts = new Tensor[sizes.Length];
            long at = 0;
            for (int i = 0; i < sizes.Length; i++)
            {
                parts[i] = Sliced(d, at, at + sizes[i], 1, "SplitWithSizesBackward", ViewOrigin.Several);
                at += sizes[i];
            }
            return parts;
        }

        public Tensor[] split(params long[] sizes) => split(sizes, 0L);

        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => split(sizes.ToArray(), dim);

        /// <summary>At most <paramref name="chunks"/> views of equal size; the last may be shorter.</summary>
        public Tensor[] chunk(long chunks, long dim = 0)
        {
            if (Rank == 0) throw new ExternalException("chunk expects at least a 1-dimensional tensor");
            int d = Shapes.Dim(dim, Rank);
            if (chunks <= 0) throw new ExternalException($"chunk expects `chunks` to be greater than 0, got: {chunks}");
            return sizes[d] == 0 ? split(new long[chunks], (long)d) : split((sizes[d] + chunks - 1) / chunks, d);
        }

        /// <summary>A view of each place along a dimension.</summary>
        public Tensor[] unbind(long dimension = 0)
        {
            if (Rank == 0) throw new ExternalException("Dimension specified as 0 but tensor has no dimensions");
            int d = Shapes.Dim(dimension, Rank);
            var parts = new Tensor[sizes[d]];
            for (int i = 0; i < parts.Length; i++) parts[i] = Selected(d, i, "UnbindBackward", ViewOrigin.Several);
            return parts;
        }

        /// <summary><paramref name="size"/> views; the first ones are one longer where the size can't be divided.</summary>
        public Tensor[] tensor_split(long size, long dim = 0)
        {
            int d = SplitDimension(dim);
            if (size <= 0) throw new ExternalException($"number of sections must be larger than 0, got {size}");
            var parts = new Tensor[size];
            long at = 0, each = sizes[d] / size, longer = sizes[d] % size;
            for (long i = 0; i < size; i++)
            {
                long length = each + (i < longer ? 1 : 0);
                parts[i] = Sliced(d, at, at + length, 1, "SliceBackward", ViewOrigin.Recorded);
                at += length;
            }
            return parts;
        }

        /// <summary>Views that begin at the given places, the first at 0.</summary>
        public Tensor[] tensor_split(long[] sizes, long dim = 0)
        {
            ArgumentNullException.ThrowIfNull(sizes);
            int d = SplitDimension(dim);
            var parts = new Tensor[sizes.Length + 1];
            long at = 0;
            for (int i = 0; i < parts.Length; i++)
            {
                long end = i < sizes.Length ? sizes[i] : this.sizes[d];
                parts[i] = slice(d, at, end, 1);
                at = end;
            }
            return parts;
        }

        /// <summary>As with the number, or the places, that the tensor holds.</summary>
        public Tensor[] tensor_split(Tensor indices, long dim = 0)
        {
            ArgumentNullException.ThrowIfNull(indices);
            if (indices.type != ScalarType.Int64)
                throw new ExternalException($"tensor_split expected tensor_indices_or_sections to have dtype of long, but got {Names.Of(indices.type)}");
            if (indices.Rank > 1)
                throw new ExternalException($"tensor_split expected tensor_indices_or_sections to be a zero-dimensional or one-dimensional tensor, but got a tensor with {indices.Rank} dims");
            return indices.Rank == 0 ? tensor_split(indices.item<long>(), dim) : tensor_split(indices.data<long>().ToArray(), dim);
        }

        public Tensor[] hsplit(long size) => Divided("hsplit", 1, Rank == 1 ? 0 : 1, size);

        public Tensor[] hsplit(params long[] sizes) => tensor_split(sizes, Required("hsplit", 1, Rank == 1 ? 0 : 1));

        public Tensor[] hsplit(Tensor indices) => tensor_split(indices, Required("hsplit", 1, Rank == 1 ? 0 : 1));

        public Tensor[] vsplit(long size) => Divided("vsplit", 2, 0, size);

        public Tensor[] vsplit(params long[] sizes) => tensor_split(sizes, Required("vsplit", 2, 0));

        public Tensor[] vsplit(Tensor indices) => tensor_split(indices, Required("vsplit", 2, 0));

        public Tensor[] dsplit(long size) => Divided("dsplit", 3, 2, size);

        public Tensor[] dsplit(params long[] sizes) => tensor_split(sizes, Required("dsplit", 3, 2));

        public Tensor[] dsplit((long, long) indices_or_sections) => dsplit([indices_or_sections.Item1, indices_or_sections.Item2]);

        public Tensor[] dsplit((long, long, long) indices_or_sections) => dsplit([indices_or_sections.Item1, indices_or_sections.Item2, indices_or_sections.Item3]);

        public Tensor[] dsplit((long, long, long, long) indices_or_sections) =>
            dsplit([indices_or_sections.Item1, indices_or_sections.Item2, indices_or_sections.Item3, indices_or_sections.Item4]);

        public Tensor[] dsplit(Tensor indices) => tensor_split(indices, Required("dsplit", 3, 2));

        int SplitDimension(long dim) => Rank > 0 ? Shapes.Dim(dim, Rank)
            : throw new ExternalException("tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims");

        int Required(string name, int rank, int dim) => Rank >= rank ? dim
            : throw new ExternalException($"torch.{name} requires a tensor with at least {rank} dimension, but got a tensor with {Rank} dimensions!");

        Tensor[] Divided(string name, int rank, int dim, long size)
        {
            Required(name, rank, dim);
            if (size == 0 || sizes[dim] % size != 0)
                throw new ExternalException($"torch.{name} attempted to split along dimension {dim}, but the size of the dimension {sizes[dim]} is not divisible by the split_size {size}!");
            return tensor_split(size, dim);
        }
    }
}
