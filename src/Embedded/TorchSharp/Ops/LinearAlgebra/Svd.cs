using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class linalg
    {
        /// <summary>A = U diag(S) Vh, singular values descending: U (m, m) and Vh (n, n), or (m, k) and (k, n) with k = min(m, n).</summary>
        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor input, bool fullMatrices = true)
        {
            Batch batch = new(input, "linalg.svd");
            int m = batch.Rows, n = batch.Columns, k = Math.Min(m, n), mu = fullMatrices ? m : k, nv = fullMatrices ? n : k;
            double[] us = new double[batch.Count * m * mu], ss = new double[batch.Count * k], vs = new double[batch.Count * nv * n];
            for (int i = 0; i < batch.Count; i++)
                Singular(batch[i], m, n, us.AsSpan(i * m * mu, m * mu), mu, ss.AsSpan(i * k, k), vs.AsSpan(i * nv * n, nv * n), nv);
            Tensor u = batch.Result(us, m, mu), s = batch.Result(ss, k), vh = batch.Result(vs, nv, n);
            if (!Tape.Records(input)) return (u, s, vh);
            // The first k columns and rows are what the derivative is of.
            Tensor uk = u.narrow(-1, 0, k).Dense(), sk = s.Hidden(), vk = vh.narrow(-2, 0, k).Dense();
            Tape.Record(s, "LinalgSvdBackward", [input], [uk, vk], (node, g) => [node.Saved(0).mul(g.unsqueeze(-2)).matmul(node.Saved(1))]);
            if (mu == k && nv == k)
            {
                Tape.Record(u, "LinalgSvdBackward", [input], [uk, sk, vk], (node, g) => [SvdGradient(node.Saved(0), node.Saved(1), node.Saved(2), g)]);
                Tape.Record(vh, "LinalgSvdBackward", [input], [uk, sk, vk], (node, g) => [SvdGradient(node.Saved(2).mT, node.Saved(1), node.Saved(0).mT, g.mT).mT]);
            }
            uk.Dispose();
            sk.Dispose();
            vk.Dispose();
            return (u, s, vh);
        }

        /// <summary>What a gradient of U brings to A; that of V is the same of the transposed matrix.</summary>
        static Tensor SvdGradient(Tensor u, Tensor s, Tensor vh, Tensor gu)
        {
            Tensor squares = s.square(), gaps = squares.unsqueeze(-2).sub(squares.unsqueeze(-1)).add(LinearSolve.Identity(s.sizes[^1], s.type));
            Tensor turn = u.mT.matmul(gu), skew = turn.sub(turn.mT).div(gaps);
            Tensor result = u.matmul(skew.mul(s.unsqueeze(-2))).matmul(vh);
            if (u.sizes[^2] > u.sizes[^1]) result = result.add(gu.sub(u.matmul(turn)).div(s.unsqueeze(-2)).matmul(vh));
            return result;
        }

        /// <summary>The singular values, descending.</summary>
        public static Tensor svdvals(Tensor input)
        {
            (Tensor u, Tensor s, Tensor vh) = svd(input, false);
            u.Dispose();
            vh.Dispose();
            return s;
        }

        static void Singular(Span<double> a, int m, int n, Span<double> u, int mu, Span<double> s, Span<double> vh, int nv)
        {
            bool wide = m < n;
            int rows = Math.Max(m, n), k = Math.Min(m, n);
            // The tall one of A and its transpose: tall = left diag(s) right^T.
            var tall = new double[rows * k];
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++) tall[wide ? j * k + i : i * k + j] = a[i * n + j];
            var right = new double[k * k];
            Jacobi.Singular(tall, rows, k, s, right);
            double[] left = Completed(tall, rows, k, wide ? nv : mu), square = Completed(right, k, k, k);
            double[] ul = wide ? square : left, vl = wide ? left : square;
            for (int i = 0; i < m; i++)
                for (int j = 0; j < mu; j++) u[i * mu + j] = ul[i * mu + j];
            for (int i = 0; i < n; i++)
                for (int j = 0; j < nv; j++) vh[j * n + i] = vl[i * nv + j];
        }

        /// <summary>Orthonormal columns, of which some may be 0, with those replaced and others added, by Gram and Schmidt.</summary>
        static double[] Completed(double[] columns, int rows, int have, int want)
        {
            var result = new double[rows * want];
            var good = new List<int>();
            for (int j = 0; j < Math.Min(have, want); j++)
            {
                double norm = 0;
                for (int i = 0; i < rows; i++) norm = double.Hypot(norm, result[i * want + j] = columns[i * have + j]);
                if (norm > 0.5) good.Add(j);
            }
            for (int j = 0, next = 0; j < want; j++)
            {
                if (good.Contains(j)) continue;
                for (bool found = false; !found && next < rows; next++)
                {
                    var x = new double[rows];
                    x[next] = 1;
                    for (int pass = 0; pass < 2; pass++)
                        foreach (int g in good)
                        {
                            double dot = 0;
                            for (int i = 0; i < rows; i++) dot += x[i] * result[i * want + g];
                            for (int i = 0; i < rows; i++) x[i] -= dot * result[i * want + g];
                        }
                    double norm = 0;
                    foreach (double v in x) norm = double.Hypot(norm, v);
                    if (norm * norm * rows < 0.5) continue;
                    for (int i = 0; i < rows; i++) result[i * want + j] = x[i] / norm;
                    good.Add(j);
                    found = true;
                }
            }
            return result;
        }
    }
}
