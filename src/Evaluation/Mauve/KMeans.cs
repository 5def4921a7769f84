using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Mauve;

/// <summary>
/// Lloyd's k-means from randomly chosen points, the best of several tries. A cluster that runs empty starts again at the
/// point that lies furthest from its centre. Sums are in a fixed order, so that threads change nothing. Points that can't
/// have changed sides, by the distances that centres moved (Hamerly 2010), are not looked at: the result is the same.
/// </summary>
internal sealed class KMeans
{
    /// <summary>How much surer than the bounds one must be, for these are rounded.</summary>
    const double Slack = 1 + 1e-9;

    readonly FeatureMatrix _data;
    readonly int _clusters;
    readonly double[] _centres; // (k, d)
    readonly double[] _before; // (k, d) the centres before they moved
    readonly NearestCentres _nearest;
    readonly int[] _labels;
    readonly double[] _upper; // (n) at least the distance to the own centre
    readonly double[] _lower; // (n) at most the distance to any other

    KMeans(FeatureMatrix data, int clusters)
    {
        (_data, _clusters) = (data, clusters);
        _centres = new double[clusters * data.Columns];
        _before = new double[_centres.Length];
        _nearest = new NearestCentres(data, clusters);
        _labels = new int[data.Rows];
        _upper = new double[data.Rows];
        _lower = new double[data.Rows];
    }

    /// <summary>Each row's cluster.</summary>
    /// <param name="data">(n, d).</param>
    /// <param name="clusters">k, at most n.</param>
    /// <param name="tries">How many starts; the one with the least sum of squared distances wins, the first of equals.</param>
    /// <param name="iterations">The most iterations of a try.</param>
    /// <param name="seed">The seed of the starts.</param>
    public static int[] Labels(FeatureMatrix data, int clusters, int tries, int iterations, long seed)
    {
        int[]? best = null;
        double least = double.PositiveInfinity;
        var means = new KMeans(data, clusters);
        for (int t = 0; t < tries; t++)
        {
            double sum = means.Try(iterations, new Draws(seed, t));
            if (sum >= least && best is not null) continue;
            least = sum;
            best = [.. means._labels];
        }
        return best!;
    }

    /// <summary>Runs one try; the sum of squared distances that it ends with.</summary>
    double Try(int iterations, Draws draws)
    {
        Start(draws);
        Array.Fill(_labels, -1);
        Array.Fill(_upper, double.PositiveInfinity);
        Array.Clear(_lower);
        bool changed = Assign();
        for (int i = 1; i < iterations && changed; i++)
        {
            Move();
            changed = Assign();
        }
        double sum = 0;
        for (int i = 0; i < _data.Rows; i++) sum += SquaredDistance(i);
        return sum;
    }

    /// <summary>k different rows, by a partial shuffle.</summary>
    void Start(Draws draws)
    {
        int[] order = [.. Enumerable.Range(0, _data.Rows)];
        for (int c = 0; c < _clusters; c++)
        {
            int other = c + draws.Below(order.Length - c);
            (order[c], order[other]) = (order[other], order[c]);
            _data.Row(order[c]).CopyTo(Centre(c));
        }
    }

    /// <summary>Puts every row to its nearest centre, the first of equals; whether a row changed sides.</summary>
    bool Assign()
    {
        _nearest.Prepare(_centres);
        bool changed = false;
        Parallel.For(0, _data.Rows, () => new double[_clusters], (i, loop, products) =>
        {
            if (_upper[i] * Slack < _lower[i]) return products;
            var (nearest, distance, second) = _nearest.Of(i, products);
            (_upper[i], _lower[i]) = (distance, second);
            if (_labels[i] == nearest) return products;
            _labels[i] = nearest;
            Volatile.Write(ref changed, true);
            return products;
        }, _ => { });
        return changed;
    }

    /// <summary>Moves the centres to their clusters' means, and the bounds with them.</summary>
    void Move()
    {
        _centres.CopyTo(_before, 0);
        var counts = new int[_clusters];
        Array.Clear(_centres);
        for (int i = 0; i < _data.Rows; i++)
        {
            VectorMath.AddScaled(Centre(_labels[i]), 1, _data.Row(i));
            counts[_labels[i]]++;
        }
        for (int c = 0; c < _clusters; c++)
        {
            var centre = Centre(c);
            for (int k = 0; counts[c] > 0 && k < centre.Length; k++) centre[k] /= counts[c];
        }
        for (int c = 0; c < _clusters; c++)
            if (counts[c] == 0) Restart(c, counts);
        var moved = new double[_clusters];
        for (int c = 0; c < _clusters; c++)
            moved[c] = Math.Sqrt(SquaredDistance(Centre(c), _before.AsSpan(c * _data.Columns, _data.Columns)));
        double furthest = moved.Max() * Slack;
        for (int i = 0; i < _data.Rows; i++)
        {
            _upper[i] += moved[_labels[i]] * Slack;
            _lower[i] -= furthest;
        }
    }

    /// <summary>Puts an empty cluster's centre on the point that lies furthest from its own.</summary>
    void Restart(int cluster, int[] counts)
    {
        int furthest = 0;
        double distance = -1;
        for (int i = 0; i < _data.Rows; i++)
            if (counts[_labels[i]] > 1 && SquaredDistance(i) is var d && d > distance) (furthest, distance) = (i, d);
        _data.Row(furthest).CopyTo(Centre(cluster));
        counts[_labels[furthest]]--;
        counts[cluster]++;
        _labels[furthest] = cluster;
        (_upper[furthest], _lower[furthest]) = (double.PositiveInfinity, 0);
    }

    double SquaredDistance(int row) => SquaredDistance(_data.Row(row), Centre(_labels[row]));

    static double SquaredDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int k = 0; k < a.Length; k++) sum += (a[k] - b[k]) * (a[k] - b[k]);
        return sum;
    }

    Span<double> Centre(int cluster) => _centres.AsSpan(cluster * _data.Columns, _data.Columns);
}

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
        double closest = double.NegativeInfinity,
            second = double.NegativeInfinity; // x.c - |c|^2 / 2, the highest where |x - c| is the least
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
