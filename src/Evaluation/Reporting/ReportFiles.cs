using System.Text;

namespace DiffusionBatch.Evaluation.Reporting;

/// <summary>Writes a report's three files. The same report always gives the same bytes.</summary>
public static class ReportFiles
{
    /// <summary>Writes <c>report.json</c>, <c>report.csv</c> and <c>report.html</c>, each whole or not at all.</summary>
    /// <param name="folder">Created if need be; files of an earlier report are replaced.</param>
    /// <param name="report">What to write.</param>
    public static void Write(string folder, EvaluationReport report)
    {
        Directory.CreateDirectory(folder);
        Replace(Path.Combine(folder, "report.json"), stream => stream.Write(ReportJson.ToBytes(report)));
        Replace(Path.Combine(folder, "report.csv"), stream => stream.Write(Encoding.UTF8.GetBytes(ReportCsv.ToText(report))));
        Replace(Path.Combine(folder, "report.html"), stream => Html.ReportPage.Write(stream, report));
    }

    static void Replace(string path, Action<Stream> write)
    {
        string written = path + ".writing";
        using (var stream = new FileStream(written, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16)) write(stream);
        File.Move(written, path, overwrite: true);
    }
}
