using System.Diagnostics;
using System.Text.RegularExpressions;
using TorchSharp.Kernels;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Kernels;

/// <summary>
/// A kernel is as fast as it is because its lanes' operations are compiled into it. The compiler stops that without a word
/// when a method has too many locals, and the kernel runs at a third of its speed.
/// </summary>
public sealed partial class InliningTests
{
    [Fact]
    public void No_kernel_calls_its_lanes_operations()
    {
        Assert.SkipUnless(CpuPath.Best != SimdLevel.Portable, "The portable lanes call what loads a part of a vector.");
        string listing = Path.Combine(Path.GetTempPath(), $"kernels-{Guid.NewGuid():N}.asm");
        try
        {
            Compile(listing);
            string lanes = CpuPath.Best == SimdLevel.Avx512 ? nameof(Lanes512) : nameof(Lanes256);
            var (kernels, calls) = Calls(listing, lanes);
            Assert.True(kernels > 40, $"only {kernels} kernels of {lanes} were compiled");
            Assert.True(calls.Count == 0, string.Join("\n", calls));
        }
        finally
        {
            File.Delete(listing);
        }
    }

    /// <summary>Runs the tests of the rows', elements' and attention's kernels in a process whose compiler lists what it makes.</summary>
    private static void Compile(string listing)
    {
        string tests = typeof(InliningTests).Assembly.Location;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [tests]) { RedirectStandardOutput = true };
        foreach (string name in new[] { nameof(RowTests), nameof(ElementTests), nameof(AttentionTests) })
        {
            start.ArgumentList.Add("-class");
            start.ArgumentList.Add($"{typeof(InliningTests).Namespace}.{name}");
        }

        start.Environment["DOTNET_JitStdOutFile"] = listing;
        start.Environment["DOTNET_JitDisasm"] = "TorchSharp.Kernels*:*";
        start.Environment["DOTNET_JitDisasmOnlyOptimized"] = "1";
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
    }

    /// <summary>How many methods were compiled for the lanes, and each call of an operation of theirs.</summary>
    private static (int Kernels, List<string> Calls) Calls(string listing, string lanes)
    {
        int kernels = 0;
        var calls = new List<string>();
        string? method = null;
        foreach (string line in File.ReadLines(listing))
        {
            if (Header().Match(line) is { Success: true } header)
            {
                method = line.Contains(lanes, StringComparison.Ordinal) ? header.Groups[1].Value : null;
                kernels += method is null ? 0 : 1;
            }
            else if (method is not null && Call().Match(line) is { Success: true } call)
            {
                calls.Add($"{method}\n    calls {call.Groups[1].Value}");
            }
        }

        return (kernels, calls);
    }

    [GeneratedRegex("^; Assembly listing for method (.*)")]
    private static partial Regex Header();

    [GeneratedRegex(@"\bcall\s+\[(TorchSharp\.Kernels\.(?:Lanes\d+|LaneMath|Math\d+):\S+|\S+:Apply\[\S+)")]
    private static partial Regex Call();
}
