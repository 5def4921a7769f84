namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Half a cosine from the first rates down to the least, and up again (Loshchilov and Hutter 2017).</summary>
                public class CosineAnnealingLR : LRScheduler
                {
                    readonly double half;
                    readonly double least;

                    public CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        half = T_max;
                        least = eta_min;
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (epoch == 0) return Rates;
                        if ((epoch - 1 - half) % (2 * half) == 0) return Rates.Select((r, i) => r + (baseRates[i] - least) * (1 - Math.Cos(Math.PI / half)) / 2);
                        return Rates.Select(r => (1 + Math.Cos(Math.PI * epoch / half)) / (1 + Math.Cos(Math.PI * (epoch - 1) / half)) * (r - least) + least);
                    }

                    protected override IEnumerable<double> get_closed_form_lr() => baseRates.Select(r => least + (r - least) * (1 + Math.Cos(Math.PI * epoch / half)) / 2);
                }
            }
        }
    }
}
