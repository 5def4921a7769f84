using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Classes of any shape, int64, as rows of zeros with a one: (.., classes). Without a number of classes, the largest one ends them.</summary>
            public static unsafe Tensor one_hot(Tensor x, long num_classes = -1)
            {
                ArgumentNullException.ThrowIfNull(x);
                if (x.type != ScalarType.Int64) throw new ArgumentException("OneHot input tensor must have elements of type Int64");
                if (x.Count == 0 && num_classes <= 0) throw new ExternalException("Can not infer total number of classes from empty tensor.");
                using Tensor classes = x.Dense();
                long* y = classes.Ptr<long>();
                long largest = -1;
                for (long i = 0; i < x.Count; i++)
                {
                    if (y[i] < 0) throw new ExternalException("Class values must be non-negative.");
                    largest = Math.Max(largest, y[i]);
                }
                if (num_classes == -1) num_classes = largest + 1;
                else if (num_classes < 1) throw new ExternalException("num_classes should be positive");
                else if (largest >= num_classes) throw new ExternalException("Class values must be smaller than num_classes.");
                Tensor result = zeros([.. x.sizes, num_classes], ScalarType.Int64);
                long* rows = result.Ptr<long>();
                for (long i = 0; i < x.Count; i++) rows[i * num_classes + y[i]] = 1;
                return result;
            }
        }
    }
}
