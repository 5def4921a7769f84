using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>A view of the elements from <paramref name="start"/> up to <paramref name="finish"/> along a dimension.</summary>
        public Tensor slice(long dim, long start, long finish, long step)
        {
            if (Rank == 0) throw new ExternalException("slice() cannot be applied to a 0-dim tensor.");
            if (step <= 0) throw new ExternalException("slice step must be positive");
            int d = Shapes.Dim(dim, Rank);
            long size = sizes[d];
            start = Math.Clamp(start < 0 ? start + size : start, 0, size);
            finish = Math.Clamp(finish < 0 ? finish + size : finish, start, size);
            long[] newSizes = shape, newStrides = stride();
            newSizes[d] = (finish - start + step - 1) / step;
            newStrides[d] *= step;
            Tensor result = Window(offset + start * strides[d], newSizes, newStrides);
            if (!Tape.Records(this)) return result;
            long[] from = sizes;
            return Tape.Record(result, "SliceBackward", [this], [], (_, g) =>
            {
                Tensor whole = torch.zeros(from, g.type);
                whole.slice(d, start, finish, step).copy_(g);
                return [whole];
            });
        }

        /// <summary>A view of <paramref name="length"/> elements along a dimension.</summary>
        public Tensor narrow(long dim, long start, long length)
        {
            int d = Shapes.Dim(dim, Rank);
            if (start < 0) start += sizes[d];
            if (length < 0 || start < 0 || start + length > sizes[d])
                throw new ExternalException($"start ({start}) + length ({length}) exceeds dimension size ({sizes[d]}).");
            return slice(d, start, start + length, 1);
        }

        /// <summary>A view of one place along a dimension, which is dropped.</summary>
        public Tensor select(long dim, long index)
        {
            if (Rank == 0) throw new ExternalException("select() cannot be applied to a 0-dim tensor.");
            int d = Shapes.Dim(dim, Rank);
            if (index < -sizes[d] || index >= sizes[d])
                throw new ExternalException($"select(): index {index} out of range for tensor of size [{Shapes.Text(sizes)}] at dimension {d}");
            long at = index < 0 ? index + sizes[d] : index;
            Tensor result = Window(offset + at * strides[d], [.. sizes[..d], .. sizes[(d + 1)..]], [.. strides[..d], .. strides[(d + 1)..]]);
            if (!Tape.Records(this)) return result;
            long[] from = sizes;
            return Tape.Record(result, "SelectBackward", [this], [], (_, g) =>
            {
                Tensor whole = torch.zeros(from, g.type);
                whole.select(d, at).copy_(g);
                return [whole];
            });
        }

        /// <summary>Views of <paramref name="size"/> places each; the last may be shorter.</summary>
        public Tensor[] split(long size, int dim = 0)
        {
            int d = Shapes.Dim(dim, Rank);
            if (size <= 0) throw new ExternalException($"split expects split_size be non-negative, but got split_size={size}");
            var parts = new List<Tensor>();
            for (long at = 0; at < Math.Max(sizes[d], 1); at += size) parts.Add(narrow(d, at, Math.Min(size, sizes[d] - at)));
            return [.. parts];
        }

        /// <summary>Views of the given sizes.</summary>
        public Tensor[] split(long[] sizes, long dim = 0)
        {
            int d = Shapes.Dim(dim, Rank);
            if (sizes.Sum() != this.sizes[d])
                throw new ExternalException($"split_with_sizes expects split_sizes to sum exactly to {this.sizes[d]} (input tensor's size at dimension {d}), but got split_sizes=[{Shapes.Text(sizes)}]");
            var parts = new Tensor[sizes.Length];
            long at = 0;
            for (int i = 0; i < sizes.Length; i++)
            {
                parts[i] = narrow(d, at, sizes[i]);
                at += sizes[i];
            }
            return parts;
        }

        /// <summary>At most <paramref name="chunks"/> views of equal size; the last may be shorter.</summary>
        public Tensor[] chunk(long chunks, long dim = 0)
        {
            int d = Shapes.Dim(dim, Rank);
            if (chunks <= 0) throw new ExternalException($"chunk expects `chunks` to be greater than 0, got: {chunks}");
            return split(Math.Max(1, (sizes[d] + chunks - 1) / chunks), d);
        }

        /// <summary>A view of each place along a dimension.</summary>
        public Tensor[] unbind(long dimension = 0)
        {
            int d = Shapes.Dim(dimension, Rank);
            var parts = new Tensor[sizes[d]];
            for (int i = 0; i < parts.Length; i++) parts[i] = select(d, i);
            return parts;
        }
    }

    public static Tensor select(Tensor input, long dim, long index) => input.select(dim, index);

    public static Tensor[] chunk(Tensor input, long chunks, long dim = 0) => input.chunk(chunks, dim);

    public static Tensor[] split(Tensor tensor, long[] split_size_or_sections, long dim = 0) => tensor.split(split_size_or_sections, dim);
}
