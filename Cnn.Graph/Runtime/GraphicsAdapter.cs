using System.Globalization;

namespace Cnn.Graph.Runtime;

/// <summary>A graphics adapter of a Windows machine.</summary>
/// <param name="Index">Its number in the order of DXGI, which is how DirectML numbers adapters.</param>
/// <param name="Name">What its maker calls it.</param>
/// <param name="Luid">
/// Windows' number for it until the next start, as <c>0x000000000000d2f3</c>; tells two adapters of one name apart.
/// </param>
/// <param name="Memory">Bytes of memory of its own.</param>
/// <param name="IsSoftware">Whether it is a program that computes on the processor.</param>
public sealed record GraphicsAdapter(int Index, string Name, string Luid, long Memory, bool IsSoftware)
{
    /// <summary>The adapters of this machine; none where there is no DXGI.</summary>
    public static IReadOnlyList<GraphicsAdapter> List() => DxgiAdapters.List();

    /// <summary>The one adapter that a text means: its number, its LUID, or a part of its name in upper or lower case.</summary>
    /// <param name="text">The text.</param>
    /// <param name="adapters">The adapters.</param>
    /// <exception cref="CnnGraphException">It means none, or more than one.</exception>
    internal static GraphicsAdapter Find(string text, IReadOnlyList<GraphicsAdapter> adapters)
    {
        GraphicsAdapter[] found =
        [
            .. adapters.Where(a => string.Equals(a.Luid, text, StringComparison.OrdinalIgnoreCase) || a.Index.ToString(CultureInfo.InvariantCulture) == text),
        ];
        found = found.Length > 0 ? found : [.. adapters.Where(a => a.Name.Contains(text, StringComparison.OrdinalIgnoreCase))];
        return found is [var one] ? one
            : found.Length > 1 ? throw new CnnGraphException($"'{text}' may mean several adapters: {string.Join(", ", found.AsEnumerable())}.")
            : throw new CnnGraphException($"There is no directml:{text}: {Describe(adapters)}.");
    }

    /// <summary>What there is, as the end of a sentence.</summary>
    internal static string Describe(IReadOnlyList<GraphicsAdapter> adapters) => adapters.Count == 0
        ? "this machine has no graphics adapter with Direct3D 12. Choose the device cpu"
        : $"this machine has {string.Join(", ", adapters)}";

    /// <summary>How the command line calls it, and its name: <c>directml:0 (NVIDIA GeForce RTX 3060)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"directml:{Index} ({Name})");
}
