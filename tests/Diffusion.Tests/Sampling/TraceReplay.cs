using DiffusionBatch.Contracts;
using DiffusionBatch.Diffusion.Sampling;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>Plays a trace back into the canvas after each step.</summary>
static class TraceReplay
{
    public static List<int[]> AfterStep(CandidateTrace trace, int n, int steps, int mask)
    {
        var canvas = Enumerable.Repeat(mask, n).ToArray();
        var after = new List<int[]>();
        int next = 0;
        for (int s = 1; s <= steps; s++)
        {
            if (next < trace.Steps.Count && trace.Steps[next].Step == s)
            {
                var step = trace.Steps[next++];
                Assert.NotEqual(0, step.Write.Count + step.Mask.Count); // steps without change are left out
                Assert.Equal(step.Write.Select(w => w.Position).Order(), step.Write.Select(w => w.Position));
                foreach (var write in step.Write)
                {
                    Assert.Equal(mask, canvas[write.Position]);
                    canvas[write.Position] = write.Id;
                }
                foreach (int position in step.Mask)
                {
                    Assert.NotEqual(mask, canvas[position]);
                    canvas[position] = mask;
                }
            }
            after.Add([.. canvas]);
        }
        Assert.Equal(trace.Steps.Count, next);
        return after;
    }
}
