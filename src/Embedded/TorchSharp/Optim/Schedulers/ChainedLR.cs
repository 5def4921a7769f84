namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Schedulers all at once: each step is a step of every one.</summary>
                public class ChainedLR : LRScheduler
                {
                    readonly LRScheduler[] schedulers;

                    public ChainedLR(IEnumerable<LRScheduler> schedulers)
                    {
                        ArgumentNullException.ThrowIfNull(schedulers);
                        this.schedulers = [.. schedulers];
                        if (this.schedulers.Length > 0) lastRates = this.schedulers[^1].lastRates;
                    }

                    public override void step()
                    {
                        foreach (LRScheduler scheduler in schedulers) scheduler.step();
                    }
                }
            }
        }
    }
}
