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
                products[i * n + j] = products[j * n + i] = VectorMath.Dot(rows.AsSpan(i * length, length), rows.AsSpan(j * length, length));
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
