using System.Runtime.InteropServices;

namespace Cnn.Graph.Runtime;

/// <summary>The graphics adapters of a Windows machine in the order of DXGI, which is how DirectML numbers them.</summary>
internal static class DxgiAdapters
{
    // Slots in the tables of methods, as the interfaces IDXGIFactory1 and IDXGIAdapter1 lay them down.
    private const int EnumAdapters1Slot = 12;
    private const int GetDesc1Slot = 10;

    // DXGI_ADAPTER_DESC1 in 64 bits: a name of 128 characters, four numbers of 32 bits, three sizes of memory, the LUID and flags.
    private const int DescriptionSize = 312;
    private const int MemoryOffset = 272;
    private const int LuidOffset = 296;
    private const int FlagsOffset = 304;
    private const int SoftwareFlag = 2;

    private static readonly Guid Factory1 = new("770aae78-f26f-4dba-a829-253c83d1b387");

    [UnmanagedFunctionPointer(CallingConvention.StdCall)]
    private delegate int CreateFactory(in Guid type, out nint factory);

    [UnmanagedFunctionPointer(CallingConvention.StdCall)]
    private delegate int EnumAdapters1(nint factory, uint index, out nint adapter);

    [UnmanagedFunctionPointer(CallingConvention.StdCall)]
    private delegate int GetDesc1(nint adapter, nint description);

    /// <summary>The adapters; none where there is no DXGI.</summary>
    public static IReadOnlyList<GraphicsAdapter> List()
    {
        if (!OperatingSystem.IsWindows()
            || !NativeLibrary.TryLoad("dxgi.dll", typeof(DxgiAdapters).Assembly, DllImportSearchPath.System32, out nint dxgi)
            || Marshal.GetDelegateForFunctionPointer<CreateFactory>(NativeLibrary.GetExport(dxgi, "CreateDXGIFactory1"))(Factory1, out nint factory) < 0)
        {
            return [];
        }

        var adapters = new List<GraphicsAdapter>();
        var enumerate = Method<EnumAdapters1>(factory, EnumAdapters1Slot);
        nint description = Marshal.AllocHGlobal(DescriptionSize);
        while (enumerate(factory, (uint)adapters.Count, out nint adapter) >= 0)
        {
            bool isKnown = Method<GetDesc1>(adapter, GetDesc1Slot)(adapter, description) >= 0;
            adapters.Add(isKnown ? Read(adapters.Count, description) : new GraphicsAdapter(adapters.Count, "unknown", "unknown", 0, false));
            Marshal.Release(adapter);
        }

        Marshal.FreeHGlobal(description);
        Marshal.Release(factory);
        return adapters;
    }

    private static GraphicsAdapter Read(int index, nint description) => new(
        index,
        Marshal.PtrToStringUni(description)!,
        $"0x{Marshal.ReadInt64(description, LuidOffset):x16}",
        Marshal.ReadInt64(description, MemoryOffset),
        (Marshal.ReadInt32(description, FlagsOffset) & SoftwareFlag) != 0);

    private static T Method<T>(nint instance, int slot)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(Marshal.ReadIntPtr(Marshal.ReadIntPtr(instance), slot * nint.Size));
}
