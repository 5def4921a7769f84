using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Mauve;

/// <summary>
/// Vectors scaled to length 1, centred, and turned into their first principal components: as many as explain a share of
/// the variance. This is what MAUVE's reference implementation clusters.
/// </summary>
internal static class PrincipalComponents
{
    /// <summary>The components of the rows of two samples, the first sample's rows first.</summary>
    /// <param name="p">(n, d).</param>
    /// <param name="q">(m, d).</param>
    /// <param name="explained">The share of the variance to reach, above 0 and at most 1.</param>
    public static FeatureMatrix Of(FeatureMatrix p, FeatureMatrix q, double explained)
    {
        var data = new FeatureMatrix(p.Rows + q.Rows, p.Columns, [.. p.Values, .. q.Values]);
        Prepare(data);
        // The Gram matrix has the same eigenvalues; the smaller of the two is taken apart.
        return data.Rows < data.Columns ? FromGram(data, explained) : FromCovariance(data, explained);
    }

    static void Prepare(FeatureMatrix data)
    {
        var mean = new double[data.Columns];
        for (int i = 0; i < data.Rows; i++)
        {
            var row = data.Row(i);
            double norm = Math.Sqrt(VectorMath.Dot(row, row));
            for (int k = 0; norm > 0 && k < row.Length; k++) row[k] /= norm;
            VectorMath.AddScaled(mean, 1.0 / data.Rows, row);
        }
        for (int i = 0; i < data.Rows; i++) VectorMath.AddScaled(data.Row(i), -1, mean);
    }

    static FeatureMatrix FromCovariance(FeatureMatrix data, double explained)
    {
        int d = data.Columns;
        var columns = new double[d * data.Rows]; // transposed, so that products run along memory
        for (int i = 0; i < data.Rows; i++)
            for (int k = 0; k < d; k++) columns[k * data.Rows + i] = data.Values[i * d + k];
        var (values, vectors) = SymmetricEigen.Of(Products(columns, d, data.Rows), d);
        int kept = Kept(values, explained);
        var result = new FeatureMatrix(data.Rows, kept, new double[data.Rows * kept]);
        Parallel.For(0, data.Rows, i =>
        {
            for (int k = 0; k < kept; k++) result.Row(i)[k] = VectorMath.Dot(data.Row(i), vectors.AsSpan(k * d, d));
        });
        return result;
    }

    static FeatureMatrix FromGram(FeatureMatrix data, double explained)
    {
        int n = data.Rows;
        var (values, vectors) = SymmetricEigen.Of(Products(data.Values, n, data.Columns), n);
        int kept = Kept(values, explained);
        var result = new FeatureMatrix(n, kept, new double[n * kept]);
        for (int k = 0; k < kept; k++)
        {
            double length = Math.Sqrt(Math.Max(0, values[k]));
            for (int i = 0; i < n; i++) result.Row(i)[k] = length * vectors[k * n + i];
        }
        return result;
    }

    /// <summary>(n, n) the inner products of rows with each other.</summary>
    static double[] Products(double[] rows, int n, int length)
    {
        var products = new double[n * n];
        Parallel.For(0, n, i =>
        {
            for (int j = 0; j <= i; j++)
                products[i * n + j] = products[j * n + i] =
                    VectorMath.Dot(rows.AsSpan(i * length, length), rows.AsSpan(j * length, length));
        });
        return products;
    }

    static int Kept(double[] values, double explained)
    {
        double all = values.Sum(v => Math.Max(0, v)), sum = 0;
        for (int k = 0; k < values.Length; k++)
        {
            sum += Math.Max(0, values[k]);
            if (sum >= explained * all) return k + 1;
        }
        return values.Length;
    }
}

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix: Householder's reduction to tridiagonal form, then implicit QL with
/// Wilkinson's shift. Vectors lie in rows, so that every inner loop runs along memory.
/// </summary>
internal sealed class SymmetricEigen
{
    const int MaxSweeps = 60;

    readonly int _n;
    readonly double[] _a; // (n, n): the matrix, then the reflectors in rows, then the eigenvectors in rows
    readonly double[] _diagonal;
    readonly double[] _side; // side[i] joins i and i + 1

    SymmetricEigen(double[] matrix, int n) => (_a, _n, _diagonal, _side) = (matrix, n, new double[n], new double[n]);

    /// <summary>Finds all of them, the largest eigenvalue first.</summary>
    /// <param name="matrix">(n, n) symmetric; overwritten.</param>
    /// <param name="n">Its size.</param>
    /// <returns>(n) eigenvalues; (n, n) the eigenvectors in rows, each of length 1.</returns>
    public static (double[] Values, double[] Vectors) Of(double[] matrix, int n)
    {
        var solver = new SymmetricEigen(matrix, n);
        double[] vectors = solver.Reduce();
        solver.Iterate(vectors);
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => solver._diagonal[i])];
        var sorted = new double[n * n];
        for (int i = 0; i < n; i++) vectors.AsSpan(order[i] * n, n).CopyTo(sorted.AsSpan(i * n));
        return ([.. order.Select(i => solver._diagonal[i])], sorted);
    }

    Span<double> Row(int i) => _a.AsSpan(i * _n, _n);

    /// <summary>A = Q T Q^T; returns Q^T, whose rows are to become the eigenvectors.</summary>
    double[] Reduce()
    {
        var reflectors = new double[_n][];
        var factors = new double[_n];
        var product = new double[_n];
        for (int k = 0; k < _n - 1; k++)
        {
            _diagonal[k] = Row(k)[k];
            double[] v = Row(k)[(k + 1)..].ToArray(); // by symmetry the column below the diagonal
            int m = v.Length;
            double norm = Math.Sqrt(VectorMath.Dot(v, v)), head = v[0];
            _side[k] = head > 0 ? -norm : norm;
            reflectors[k] = v;
            v[0] = head - _side[k];
            double square = VectorMath.Dot(v, v);
            if (m == 1 || norm == 0 || square == 0)
            {
                _side[k] = head;
                continue;
            }
            double factor = factors[k] = 2 / square;
            // A := H A H with H = 1 - f v v^T, as A - v w^T - w v^T with w = p - (f p.v / 2) v, p = f A v.
            var p = product.AsSpan(0, m);
            for (int i = 0; i < m; i++) p[i] = factor * VectorMath.Dot(Row(k + 1 + i)[(k + 1)..], v);
            VectorMath.AddScaled(p, -factor * VectorMath.Dot(p, v) / 2, v);
            for (int i = 0; i < m; i++)
            {
                var row = Row(k + 1 + i)[(k + 1)..];
                VectorMath.AddScaled(row, -v[i], p);
                VectorMath.AddScaled(row, -p[i], v);
            }
        }
        _diagonal[_n - 1] = Row(_n - 1)[_n - 1];
        return Accumulate(reflectors, factors);
    }

    /// <summary>Q^T = H(n-2) ... H(0), built from its last rows to its first.</summary>
    double[] Accumulate(double[][] reflectors, double[] factors)
    {
        var q = new double[_n * _n];
        for (int i = 0; i < _n; i++) q[i * _n + i] = 1;
        for (int k = _n - 2; k >= 0; k--)
        {
            if (factors[k] == 0) continue;
            double[] v = reflectors[k];
            // Rows before k + 1 are still those of the identity and orthogonal to v.
            for (int i = k + 1; i < _n; i++)
            {
                var row = q.AsSpan(i * _n + k + 1, v.Length);
                VectorMath.AddScaled(row, -factors[k] * VectorMath.Dot(row, v), v);
            }
        }
        return q;
    }

    void Iterate(double[] vectors)
    {
        double[] d = _diagonal, e = _side;
        e[_n - 1] = 0;
        for (int l = 0; l < _n; l++)
        {
            for (int sweep = 0; ; sweep++)
            {
                int m = l;
                while (m < _n - 1 && Math.Abs(e[m]) > double.Epsilon + 1e-16 * (Math.Abs(d[m]) + Math.Abs(d[m + 1]))) m++;
                if (m == l) break;
                if (sweep == MaxSweeps) throw new ArithmeticException("The eigenvalues did not converge.");
                double g = (d[l + 1] - d[l]) / (2 * e[l]), r = double.Hypot(g, 1);
                g = d[m] - d[l] + e[l] / (g + double.CopySign(r, g));
                double s = 1, c = 1, p = 0;
                int i = m - 1;
                for (; i >= l; i--)
                {
                    double f = s * e[i], b = c * e[i];
                    r = double.Hypot(f, g);
                    e[i + 1] = r;
                    if (r == 0)
                    {
                        d[i + 1] -= p;
                        e[m] = 0;
                        break;
                    }
                    (s, c) = (f / r, g / r);
                    g = d[i + 1] - p;
                    r = (d[i] - g) * s + 2 * c * b;
                    p = s * r;
                    d[i + 1] = g + p;
                    g = c * r - b;
                    VectorMath.Rotate(vectors.AsSpan(i * _n, _n), vectors.AsSpan((i + 1) * _n, _n), c, s);
                }
                if (r == 0 && i >= l) continue;
                d[l] -= p;
                e[l] = g;
                e[m] = 0;
            }
        }
    }
}
