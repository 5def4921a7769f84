using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class linalg
    {
        /// <summary>The eigenvalues, ascending, and eigenvectors, in columns, of symmetric matrices; only one triangle ('L' or 'U') is read.</summary>
        public static (Tensor eigenvalues, Tensor eigenvectors) eigh(Tensor input, char UPLO = 'L')
        {
            (Tensor values, Tensor vectors) = Symmetric(input, UPLO, "linalg.eigh");
            if (!Tape.Records(input)) return (values, vectors);
            Tensor l = values.Hidden(), v = vectors.Hidden();
            Tape.Record(values, "LinalgEighBackward", [input], [v], (n, g) => [n.Saved(0).mul(g.unsqueeze(-2)).matmul(n.Saved(0).mT)]);
            Tape.Record(vectors, "LinalgEighBackward", [input], [l, v], (n, g) =>
            {
                Tensor gaps = n.Saved(0).unsqueeze(-2).sub(n.Saved(0).unsqueeze(-1)), w = n.Saved(1);
                Tensor inner = w.mT.matmul(g).div(gaps.add(LinearSolve.Identity(gaps.sizes[^1], gaps.type)));
                return [w.matmul(inner.sub(inner.DiagonalCopy(0).diag_embed())).matmul(w.mT)];
            });
            l.Dispose();
            v.Dispose();
            return (values, vectors);
        }

        /// <summary>The eigenvalues of symmetric matrices, ascending.</summary>
        public static Tensor eigvalsh(Tensor input, char UPLO = 'L')
        {
            (Tensor values, Tensor vectors) = eigh(input, UPLO);
            vectors.Dispose();
            return values;
        }

        static (Tensor, Tensor) Symmetric(Tensor input, char triangle, string name)
        {
            if (char.ToUpperInvariant(triangle) is not ('L' or 'U')) throw new ExternalException($"Expected UPLO argument to be 'L' or 'U', but got {triangle}");
            Batch batch = new Batch(input, name).Square(name);
            int n = batch.Rows;
            double[] values = new double[batch.Count * n], vectors = new double[batch.Count * n * n];
            for (int i = 0; i < batch.Count; i++)
            {
                Span<double> a = batch[i];
                for (int r = 0; r < n; r++)
                    for (int c = 0; c < r; c++)
                    {
                        if (char.ToUpperInvariant(triangle) == 'L') a[c * n + r] = a[r * n + c];
                        else a[r * n + c] = a[c * n + r];
                    }
                Jacobi.Symmetric(a, n, values.AsSpan(i * n, n), vectors.AsSpan(i * n * n, n * n));
            }
            return (batch.Result(values, n), batch.Result(vectors, n, n));
        }
    }
}
