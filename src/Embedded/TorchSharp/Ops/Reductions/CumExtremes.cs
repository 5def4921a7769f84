namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Running maxima along a dimension, and where the latest of each is.</summary>
        public (Tensor values, Tensor indexes) cummax(long dim) => RunningExtreme(dim, true);

        /// <summary>Running minima along a dimension, and where the latest of each is.</summary>
        public (Tensor values, Tensor indexes) cummin(long dim) => RunningExtreme(dim, false);

        (Tensor, Tensor) RunningExtreme(long dim, bool largest)
        {
            int d = Shapes.Dim(dim, Rank);
            Tensor places = Running.ExtremePlaces(this, d, largest);
            return (gather(d, places), places);
        }
    }

    public static (Tensor values, Tensor indexes) cummax(Tensor input, long dim) => input.cummax(dim);

    public static (Tensor values, Tensor indexes) cummin(Tensor input, long dim) => input.cummin(dim);
}
