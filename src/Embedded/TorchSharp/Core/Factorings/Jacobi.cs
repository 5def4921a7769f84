namespace TorchSharp.Core;

/// <summary>Eigenvalues of symmetric matrices and singular values of any by Jacobi's rotations: slow for large matrices, exact for all.</summary>
internal static class Jacobi
{
    const int Sweeps = 60;

    /// <summary>A = V diag(values) V^T, values ascending, the columns of v the vectors; a is destroyed.</summary>
    public static void Symmetric(Span<double> a, int n, Span<double> values, Span<double> v)
    {
        v.Clear();
        for (int i = 0; i < n; i++) v[i * n + i] = 1;
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            double off = 0, all = 0;
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++)
                {
                    all += a[i * n + j] * a[i * n + j];
                    if (i != j) off += a[i * n + j] * a[i * n + j];
                }
            if (!(off > all * 1e-36)) break;
            for (int p = 0; p < n; p++)
                for (int q = p + 1; q < n; q++) Rotate(a, v, n, p, q);
        }
        var order = new int[n];
        var keys = new double[n];
        for (int i = 0; i < n; i++) (order[i], keys[i]) = (i, a[i * n + i]);
        Array.Sort(keys, order);
        keys.CopyTo(values);
        double[] before = v.ToArray();
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) v[i * n + j] = before[i * n + order[j]];
    }

    static void Rotate(Span<double> a, Span<double> v, int n, int p, int q)
    {
        double apq = a[p * n + q];
        if (apq == 0) return;
        double theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
        double t = Math.CopySign(1, theta) / (Math.Abs(theta) + double.Hypot(theta, 1)), c = 1 / double.Hypot(t, 1), s = t * c;
        for (int k = 0; k < n; k++)
        {
            double x = a[k * n + p], y = a[k * n + q];
            (a[k * n + p], a[k * n + q]) = (c * x - s * y, s * x + c * y);
        }
        for (int k = 0; k < n; k++)
        {
            double x = a[p * n + k], y = a[q * n + k];
            (a[p * n + k], a[q * n + k]) = (c * x - s * y, s * x + c * y);
            x = v[k * n + p];
            y = v[k * n + q];
            (v[k * n + p], v[k * n + q]) = (c * x - s * y, s * x + c * y);
        }
        a[p * n + q] = a[q * n + p] = 0;
    }

    /// <summary>
    /// For m at least n: A = U diag(values) V^T, values descending. a (m by n) becomes U's first n columns (those of zero
    /// values are left 0), v (n by n) V.
    /// </summary>
    public static void Singular(Span<double> a, int m, int n, Span<double> values, Span<double> v)
    {
        v.Clear();
        for (int i = 0; i < n; i++) v[i * n + i] = 1;
        for (int sweep = 0, turned = 1; sweep < Sweeps && turned > 0; sweep++)
        {
            turned = 0;
            for (int p = 0; p < n; p++)
                for (int q = p + 1; q < n; q++)
                    if (Orthogonalize(a, m, n, v, p, q)) turned++;
        }
        var order = new int[n];
        var keys = new double[n];
        for (int j = 0; j < n; j++)
        {
            double norm = 0;
            for (int i = 0; i < m; i++) norm = double.Hypot(norm, a[i * n + j]);
            (order[j], keys[j]) = (j, -norm);
        }
        Array.Sort(keys, order);
        double[] columns = a.ToArray(), before = v.ToArray();
        for (int j = 0; j < n; j++)
        {
            values[j] = -keys[j];
            bool none = values[j] <= values[0] * 1e-300;
            for (int i = 0; i < m; i++) a[i * n + j] = none ? 0 : columns[i * n + order[j]] / values[j];
            for (int i = 0; i < n; i++) v[i * n + j] = before[i * n + order[j]];
        }
    }

    static bool Orthogonalize(Span<double> a, int m, int n, Span<double> v, int p, int q)
    {
        double alpha = 0, beta = 0, gamma = 0;
        for (int i = 0; i < m; i++)
        {
            double x = a[i * n + p], y = a[i * n + q];
            alpha += x * x;
            beta += y * y;
            gamma += x * y;
        }
        if (!(Math.Abs(gamma) > 1e-16 * Math.Sqrt(alpha * beta)) || gamma == 0) return false;
        double zeta = (beta - alpha) / (2 * gamma);
        double t = Math.CopySign(1, zeta) / (Math.Abs(zeta) + double.Hypot(zeta, 1)), c = 1 / double.Hypot(t, 1), s = t * c;
        for (int i = 0; i < m; i++)
        {
            double x = a[i * n + p], y = a[i * n + q];
            (a[i * n + p], a[i * n + q]) = (c * x - s * y, s * x + c * y);
        }
        for (int i = 0; i < n; i++)
        {
            double x = v[i * n + p], y = v[i * n + q];
            (v[i * n + p], v[i * n + q]) = (c * x - s * y, s * x + c * y);
        }
        return true;
    }
}
