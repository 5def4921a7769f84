using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Dimensions moved to other places; the others keep their order.</summary>
        public Tensor movedim(long[] source, long[] destination)
        {
            ArgumentNullException.ThrowIfNull(source);
            ArgumentNullException.ThrowIfNull(destination);
            if (source.Length != destination.Length)
                throw new ExternalException($"movedim: Invalid source or destination dims: source ([{Shapes.Text(source)}] dims) should contain the same number of dims as destination ([{Shapes.Text(destination)}] dims)");
            var order = new long[Rank];
            Array.Fill(order, -1);
            var moved = new bool[Rank];
            for (int i = 0; i < source.Length; i++)
            {
                int from = Shapes.Dim(source[i], Rank), to = Shapes.Dim(destination[i], Rank);
                if (Rank == 0) return alias();
                if (moved[from]) throw new ExternalException($"movedim: repeated dim in `source` ([{Shapes.Text(source)}])");
                if (order[to] >= 0) throw new ExternalException($"movedim: repeated dim in `destination` ([{Shapes.Text(destination)}])");
                order[to] = from;
                moved[from] = true;
            }

            int next = 0;
            for (int d = 0; d < Rank; d++)
            {
                if (order[d] >= 0) continue;
                while (moved[next]) next++;
                order[d] = next++;
            }

            return permute(order);
        }

        public Tensor moveaxis(long[] source, long[] destination) => movedim(source, destination);

        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor swapdims(long dim0, long dim1) => transpose(dim0, dim1);
    }

    public static Tensor movedim(Tensor input, long source, long destination) => input.movedim([source], [destination]);

    public static Tensor movedim(Tensor input, long[] source, long[] destination) => input.movedim(source, destination);

    public static Tensor moveaxis(Tensor input, long source, long destination) => input.movedim([source], [destination]);

    public static Tensor moveaxis(Tensor input, long[] source, long[] destination) => input.movedim(source, destination);

    public static Tensor moveaxis(Tensor input, (long, long) source, (long, long) destination) =>
        input.movedim([source.Item1, source.Item2], [destination.Item1, destination.Item2]);

    public static Tensor moveaxis(Tensor input, (long, long, long) source, (long, long, long) destination) =>
        input.movedim([source.Item1, source.Item2, source.Item3], [destination.Item1, destination.Item2, destination.Item3]);

    public static Tensor moveaxis(Tensor input, (long, long, long, long) source, (long, long, long, long) destination) =>
        input.movedim([source.Item1, source.Item2, source.Item3, source.Item4], [destination.Item1, destination.Item2, destination.Item3, destination.Item4]);

    public static Tensor swapaxes(Tensor input, long axis0, long axis1) => input.transpose(axis0, axis1);

    public static Tensor swapdims(Tensor input, long dim0, long dim1) => input.transpose(dim0, dim1);

    public static Tensor transpose(Tensor input, long dim0, long dim1) => input.transpose(dim0, dim1);

    public static Tensor t(Tensor input) => input.t();

    public static Tensor adjoint(Tensor input) => input.adjoint();
}
