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
        Replace(Path.Combine(folder, "report.json"), ReportJson.ToBytes(report));
        Replace(Path.Combine(folder, "report.csv"), Encoding.UTF8.GetBytes(ReportCsv.ToText(report)));
        Replace(Path.Combine(folder, "report.html"), Encoding.UTF8.GetBytes(Html.ReportPage.ToText(report)));
    }

    static void Replace(string path, byte[] content)
    {
        string written = path + ".writing";
        File.WriteAllBytes(written, content);
        File.Move(written, path, overwrite: true);
    }
}
