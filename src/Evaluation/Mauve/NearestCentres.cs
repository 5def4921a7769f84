namespace DiffusionBatch.Evaluation.Mauve;

/// <summary>Finds rows' nearest centres. Centres are kept feature by feature, so that one row meets all of them along memory.</summary>
internal sealed class NearestCentres
{
    readonly FeatureMatrix _data;
    readonly int _clusters;
    readonly double[] _byFeature; // (d, k)
    readonly double[] _halfSquares; // (k) |c|^2 / 2
    readonly double[] _squares; // (n) |x|^2

    /// <param name="data">(n, d).</param>
    /// <param name="clusters">k.</param>
    public NearestCentres(FeatureMatrix data, int clusters)
    {
        (_data, _clusters) = (data, clusters);
        _byFeature = new double[data.Columns * clusters];
        _halfSquares = new double[clusters];
        _squares = new double[data.Rows];
        for (int i = 0; i < data.Rows; i++) _squares[i] = VectorMath.Dot(data.Row(i), data.Row(i));
    }

    /// <summary>Takes in centres (k, d).</summary>
    public void Prepare(ReadOnlySpan<double> centres)
    {
        int d = _data.Columns;
        for (int c = 0; c < _clusters; c++)
        {
            var centre = centres.Slice(c * d, d);
            _halfSquares[c] = VectorMath.Dot(centre, centre) / 2;
            for (int k = 0; k < d; k++) _byFeature[k * _clusters + c] = centre[k];
        }
    }

    /// <summary>A row's nearest centre, the first of equals, its distance, and the distance of the second nearest.</summary>
    /// <param name="row">The row.</param>
    /// <param name="products">(k) room to work in.</param>
    public (int Nearest, double Distance, double Second) Of(int row, Span<double> products)
    {
        var x = _data.Row(row);
        products.Clear();
        int k = 0;
        for (; k + 4 <= x.Length; k += 4) VectorMath.AddFour(products, x.Slice(k, 4), _byFeature.AsSpan(k * _clusters, 4 * _clusters));
        for (; k < x.Length; k++) VectorMath.AddScaled(products, x[k], _byFeature.AsSpan(k * _clusters, _clusters));
        int nearest = 0;
        double closest = double.NegativeInfinity, second = double.NegativeInfinity; // x.c - |c|^2 / 2, the highest where |x - c| is the least
        for (int c = 0; c < products.Length; c++)
        {
            double near = products[c] - _halfSquares[c];
            if (near > closest) (nearest, closest, second) = (c, near, closest);
            else if (near > second) second = near;
        }
        return (nearest, Distance(row, closest), Distance(row, second));
    }

    double Distance(int row, double near) => Math.Sqrt(Math.Max(0, _squares[row] - 2 * near));
}
