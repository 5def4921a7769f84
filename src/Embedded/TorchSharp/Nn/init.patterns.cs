using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class init
        {
            /// <summary>As <see cref="xavier_uniform_"/>.</summary>
            public static Tensor glorot_uniform_(Tensor tensor, double gain = 1) => xavier_uniform_(tensor, gain);

            /// <summary>As <see cref="xavier_normal_"/>.</summary>
            public static Tensor glorot_normal_(Tensor tensor, double gain = 1) => xavier_normal_(tensor, gain);

            /// <summary>Ones on the diagonal of a matrix, zeros elsewhere.</summary>
            public static Tensor eye_(Tensor tensor)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                if (tensor.Rank != 2) throw new ExternalException("Only tensors with 2 dimensions are supported");
                return Silently(tensor, t => Place(t, (r, c) => r == c ? 1 : 0));
            }

            /// <summary>Convolution kernels (out, in, ..) that give as many input channels back as there are.</summary>
            public static Tensor dirac_(Tensor tensor)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                if (tensor.Rank is < 3 or > 5) throw new ExternalException("Only tensors with 3, 4, or 5 dimensions are supported");
                long field = Shapes.Numel(tensor.sizes.AsSpan(2)), middle = 0;
                for (int d = 2; d < tensor.Rank; d++) middle = middle * tensor.sizes[d] + tensor.sizes[d] / 2;
                return Silently(tensor, t => Place(t, (r, c) => c % field == middle && c / field == r ? 1 : 0));
            }

            /// <summary>Normal, then in each column a part of the rows set to 0, by chance.</summary>
            public static Tensor sparse_(Tensor tensor, double sparsity, double std = 0.01)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                if (tensor.Rank != 2) throw new ExternalException("Only tensors with 2 dimensions are supported");
                long rows = tensor.sizes[0], empty = (long)Math.Ceiling(sparsity * rows);
                return Silently(tensor, t =>
                {
                    using DisposeScope scope = NewDisposeScope();
                    t.normal_(0, std);
                    for (long c = 0; c < t.sizes[1]; c++) t.select(1, c).index_fill_(0, randperm(rows, ScalarType.Int64).narrow(0, 0, empty), 0L);
                });
            }

            /// <summary>A matrix (or its first dimension by the others) with orthogonal rows or columns of length <paramref name="gain"/> (Saxe et al. 2013).</summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                if (tensor.Rank < 2) throw new ExternalException("Only tensors with 2 or more dimensions are supported");
                int rows = (int)tensor.sizes[0], columns = rows == 0 ? 0 : (int)(tensor.Count / rows);
                return Silently(tensor, t =>
                {
                    using DisposeScope scope = NewDisposeScope();
                    double[][] basis = Orthonormal(Math.Min(rows, columns), Math.Max(rows, columns));
                    Place(t, (r, c) => gain * (rows < columns ? basis[r][c] : basis[c][r]));
                });
            }

            /// <summary>So many normal vectors made orthogonal and of length 1, each against those before it, twice for exactness.</summary>
            static double[][] Orthonormal(int count, int length)
            {
                double[] draws = randn([(long)count * length], ScalarType.Float64).data<double>().ToArray();
                var basis = new double[count][];
                for (int i = 0; i < count; i++)
                {
                    double[] v = draws[(i * length)..((i + 1) * length)];
                    for (int pass = 0; pass < 2; pass++)
                        for (int j = 0; j < i; j++)
                        {
                            double along = 0;
                            for (int k = 0; k < length; k++) along += v[k] * basis[j][k];
                            for (int k = 0; k < length; k++) v[k] -= along * basis[j][k];
                        }
                    double norm = Math.Sqrt(v.Sum(x => x * x));
                    for (int k = 0; k < length; k++) v[k] /= norm;
                    basis[i] = v;
                }
                return basis;
            }

            /// <summary>Fills a tensor by its first dimension and the place in the others.</summary>
            static void Place(Tensor tensor, Func<long, long, double> value)
            {
                long rows = tensor.sizes[0], columns = rows == 0 ? 0 : tensor.Count / rows;
                var values = new double[rows * columns];
                for (long r = 0; r < rows; r++)
                    for (long c = 0; c < columns; c++) values[r * columns + c] = value(r, c);
                using Tensor filled = torch.tensor(values), shaped = filled.view(tensor.sizes);
                tensor.copy_(shaped);
            }
        }
    }
}
